//! `commonground partition`: a study's homes, or many studies, answered part by part, here or on many machines.

use super::bars::Bars;
use super::say::note;
use commonground::model::Traveller;
use commonground::partition::{
    AccessOptions, Cutting, Outcome, Plan, Receipt, collect, plan_access, plan_studies, run as answer, status,
};
use commonground::{Error, ErrorKind, Minutes, Result, io};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(clap::Subcommand)]
pub(super) enum PartitionCommand {
    /// Prepare a study once and cut its homes into partitions; of several studies each is a partition, to be assessed.
    Plan(PlanArguments),
    /// Answer a partition, or all that have no answer yet.
    Run(RunArguments),
    /// How many partitions are answered, and which cannot be.
    Status(FolderArguments),
    /// Put all answers together into one table, and list every file with its sum.
    Collect(FolderArguments),
}

#[derive(clap::Args)]
pub(super) struct PlanArguments {
    /// Folder with a study.toml, or the file itself; several are assessed, each by itself.
    #[arg(required = true)]
    studies: Vec<PathBuf>,
    /// Folder for the plan; made if it is not there. All machines must be able to read it.
    #[arg(long)]
    out: PathBuf,
    /// Folder that the study's paths start from; by default the folder of study.toml.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Who travels, if not the study's own traveller.
    #[arg(long, value_parser = Traveller::ALL.map(Traveller::name))]
    traveller: Option<String>,
    /// Journeys lead to the homes, as of an ambulance, and not from them.
    #[arg(long)]
    to_homes: bool,
    /// Minutes beyond which nothing is searched.
    #[arg(long, default_value_t = 60.0)]
    limit_minutes: f64,
    /// About so many homes in each partition.
    #[arg(long, default_value_t = 20_000, conflicts_with = "partitions")]
    homes_per_partition: usize,
    /// So many partitions.
    #[arg(long)]
    partitions: Option<usize>,
}

#[derive(clap::Args)]
pub(super) struct FolderArguments {
    /// Folder of the plan.
    plan: PathBuf,
    /// Folder of the answers.
    #[arg(long)]
    out: PathBuf,
}

#[derive(clap::Args)]
pub(super) struct RunArguments {
    #[command(flatten)]
    folders: FolderArguments,
    /// Number of a partition, from 0; may be given several times. Without any, all that have no answer yet.
    #[arg(long)]
    number: Vec<usize>,
}

pub(super) fn run(command: &PartitionCommand, progress: &Bars) -> Result<ExitCode> {
    match command {
        PartitionCommand::Plan(arguments) => plan(arguments, progress),
        PartitionCommand::Run(arguments) => run_some(arguments, progress),
        PartitionCommand::Status(arguments) => tell_status(arguments, progress),
        PartitionCommand::Collect(arguments) => collect_all(arguments, progress),
    }
}

fn plan(arguments: &PlanArguments, progress: &Bars) -> Result<ExitCode> {
    let plan = match &arguments.studies[..] {
        [study] => {
            let study = io::study::read_study(study, arguments.data.as_deref(), progress)?;
            let traveller = arguments.traveller.as_deref().map(Traveller::named).transpose()?;
            let cutting = match arguments.partitions {
                Some(count) => Cutting::Partitions(count),
                None => Cutting::HomesEach(arguments.homes_per_partition),
            };
            let options = AccessOptions {
                traveller,
                to_homes: arguments.to_homes,
                limit: Minutes::new(arguments.limit_minutes)?,
                cutting,
                ..AccessOptions::default()
            };
            let (plan, findings) = plan_access(&study, &options, &arguments.out, progress)?;
            progress.clear();
            findings.iter().for_each(|finding| note!("{finding}"));
            plan
        }
        _ if arguments.traveller.is_some() || arguments.to_homes || arguments.partitions.is_some() => {
            let message = "`--traveller`, `--to-homes` and `--partitions` ask about the homes of one study";
            return Err(Error::new(ErrorKind::Parameter, message)
                .hint("several studies are assessed, each as its `study.toml` says"));
        }
        studies => plan_studies(studies, arguments.data.as_deref(), &arguments.out)?,
    };
    let homes: usize = plan.partitions().iter().map(|partition| partition.homes).sum();
    let count = plan.partitions().len();
    let text = match plan.street_share() {
        Some(share) => {
            format!("{count} partitions of {homes} homes; together they search the streets {share:.2} times")
        }
        None => format!("{count} studies"),
    };
    let facts = json!({ "partitions": count, "homes": homes, "street_share": plan.street_share() });
    progress.done(&text, Some(&arguments.out), facts);
    Ok(ExitCode::SUCCESS)
}

fn run_some(arguments: &RunArguments, progress: &Bars) -> Result<ExitCode> {
    let FolderArguments { plan, out } = &arguments.folders;
    let plan = Plan::read(plan)?;
    let numbers = if arguments.number.is_empty() {
        (0..plan.partitions().len()).collect()
    } else {
        arguments.number.clone()
    };
    let mut receipts = Vec::with_capacity(numbers.len());
    for number in numbers {
        let receipt = answer(&plan, number, out, progress)?;
        if let Outcome::Failed(failure) = &receipt.outcome {
            progress.clear();
            note!("partition {number}: error: {}", failure.text);
        }
        receipts.push(receipt);
    }
    let failed = receipts.iter().filter(|one| matches!(one.outcome, Outcome::Failed(_))).count();
    let there = receipts.iter().filter(|one| one.was_there).count();
    let answered = receipts.len() - failed - there;
    let mut text = format!("{answered} partitions answered");
    if there > 0 {
        text += &format!(", {there} were there already");
    }
    if failed > 0 {
        text += &format!(", {failed} cannot be answered");
    }
    let told: Vec<serde_json::Value> = receipts.iter().map(as_json).collect::<Result<_>>()?;
    progress.done(&text, Some(out), json!({ "receipts": told }));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn as_json(receipt: &Receipt) -> Result<serde_json::Value> {
    let text = receipt.to_json()?;
    serde_json::from_str(&text).map_err(|error| Error::new(ErrorKind::Format, error.to_string()))
}

fn tell_status(arguments: &FolderArguments, progress: &Bars) -> Result<ExitCode> {
    let plan = Plan::read(&arguments.plan)?;
    let status = status(&plan, &arguments.out)?;
    let (done, missing) = (status.done.len(), status.missing.len());
    let mut text = format!("{done} of {} partitions are answered", plan.partitions().len());
    if let Some(seconds) = status.seconds_left.filter(|_| missing > 0) {
        text += &format!("; the other {missing} take one process about {seconds:.0} s");
    }
    for (number, failure) in &status.failed {
        text += &format!("\npartition {number} cannot be answered: {}", failure.text);
    }
    let failed: Vec<_> = status
        .failed
        .iter()
        .map(|(number, failure)| json!({ "partition": number, "error": failure }))
        .collect();
    let facts = json!({
        "done": status.done,
        "failed": failed,
        "missing": status.missing,
        "seconds_left": status.seconds_left,
    });
    progress.done(&text, None, facts);
    Ok(ExitCode::SUCCESS)
}

fn collect_all(arguments: &FolderArguments, progress: &Bars) -> Result<ExitCode> {
    let plan = Plan::read(&arguments.plan)?;
    let table = collect(&plan, &arguments.out)?;
    progress.done(&format!("{} rows", table.len()), Some(&arguments.out), json!({ "rows": table.len() }));
    Ok(ExitCode::SUCCESS)
}
