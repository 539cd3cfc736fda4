"""Studies: prepare one from the layers of a project, check it, assess it, and what follows from it."""

import json
import os

from qgis.core import (
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
    QgsProcessingOutputNumber,
)

from .base import Algorithm, to_geopackage
from .program import run

FILE = QgsProcessingParameterFile


class StudyAlgorithm(Algorithm):
    GROUP = ("study", "Study")

    def add_study(self):
        self.addParameter(FILE("STUDY", "Study (study.toml)", extension="toml"))
        self.addParameter(FILE("DATA", "Folder that its paths start from", behavior=FILE.Folder, optional=True))

    def study(self, parameters, context):
        data = self.parameterAsString(parameters, "DATA", context)
        return [self.parameterAsString(parameters, "STUDY", context), *(["--data", data] if data else [])]


class Check(StudyAlgorithm):
    NAME, TITLE = "check", "Check a study"
    HELP = "Reads every layer of a study and lists all problems at once, each with layer, row, column and what to do."

    def initAlgorithm(self, configuration=None):
        self.add_study()
        self.addParameter(QgsProcessingParameterFileDestination("OUTPUT", "Problems", "CSV (*.csv)"))
        self.addOutput(QgsProcessingOutputNumber("ERRORS", "Number of errors"))

    def processAlgorithm(self, parameters, context, feedback):
        out = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        try:
            found = run(["check", *self.study(parameters, context)], feedback)
        except QgsProcessingException as error:
            found = {"errors": 1, "findings": [{"severity": "error", "message": str(error)}]}
        write_findings(out, found["findings"])
        return {"OUTPUT": out, "ERRORS": found["errors"]}


def write_findings(path, findings):
    import csv

    columns = ["severity", "layer", "row", "id", "column", "message", "hint"]
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(findings)


class Assess(StudyAlgorithm):
    NAME, TITLE = "assess", "Assess a study"
    HELP = (
        "Scores every neighbourhood of a study: access on foot from every home along real streets, isolation, severance, encounter and, "
        "with two censuses, gentrification. Writes layers, tables, a summary and a report (report.html) into a folder."
    )

    def initAlgorithm(self, configuration=None):
        self.add_study()
        self.addParameter(QgsProcessingParameterFolderDestination("OUTPUT", "Folder for the results"))

    def processAlgorithm(self, parameters, context, feedback):
        out = self.parameterAsString(parameters, "OUTPUT", context)
        found = run(["assess", *self.study(parameters, context), "--out", out], feedback)
        write_findings(os.path.join(out, "findings.csv"), found["findings"])
        for what, why in found["not_assessed"].items():
            feedback.pushInfo(f"Not assessed: {what}: {why}")
        layers = {name.upper(): os.path.join(out, f"{name}.geojson") for name in ("neighbourhoods", "barriers", "meeting_places")}
        layers = {name: path for name, path in layers.items() if os.path.isfile(path)}
        return {"OUTPUT": out, **layers, "REPORT": os.path.join(out, "report.html")}


class Index(StudyAlgorithm):
    NAME, TITLE = "index", "Index of conditions"
    HELP = "Combines columns of a layer into an index by a definition in TOML, with the range of each rank."

    def initAlgorithm(self, configuration=None):
        self.addParameter(QgsProcessingParameterFeatureSource("PLACES", "Neighbourhoods with their indicators", [QgsProcessing.TypeVectorAnyGeometry]))
        self.addParameter(FILE("DEFINITION", "Definition (TOML)", extension="toml"))
        self.addParameter(QgsProcessingParameterFolderDestination("OUTPUT", "Folder for the results"))

    def processAlgorithm(self, parameters, context, feedback):
        out = self.parameterAsString(parameters, "OUTPUT", context)
        source = self.parameterAsSource(parameters, "PLACES", context)
        places = to_geopackage(source, self.folder(), "places", context)
        definition = self.parameterAsString(parameters, "DEFINITION", context)
        run(["index", places, "--definition", definition, "--out", out], feedback)
        return {"OUTPUT": out}


class Gentrification(StudyAlgorithm):
    NAME, TITLE = "gentrification", "Gentrification by published definitions"
    HELP = "Classifies every neighbourhood of a study with two censuses or more by published definitions, with the reasons."
    METHODS = ["freeman", "ding", "governing", "ncrc", "bates", "udp", "risk"]

    def initAlgorithm(self, configuration=None):
        self.add_study()
        self.addParameter(QgsProcessingParameterEnum("METHODS", "Definitions", self.METHODS, allowMultiple=True, defaultValue=[0, 1]))
        self.addParameter(QgsProcessingParameterFileDestination("OUTPUT", "Classes", "CSV (*.csv)"))

    def processAlgorithm(self, parameters, context, feedback):
        out = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        methods = [word for at in self.parameterAsEnums(parameters, "METHODS", context) for word in ("--method", self.METHODS[at])]
        run(["gentrification", *self.study(parameters, context), *methods, "--out", out], feedback)
        return {"OUTPUT": out}


class PrepareStudy(StudyAlgorithm):
    NAME, TITLE = "prepare", "Prepare a study from layers"
    HELP = (
        "Writes a folder with a study.toml from layers of the project: neighbourhoods, homes with their residents, services with their "
        "category, and streets as an OpenStreetMap extract. Check it next, then assess it."
    )

    def initAlgorithm(self, configuration=None):
        point, polygon = [QgsProcessing.TypeVectorPoint], [QgsProcessing.TypeVectorPolygon]
        add = self.addParameter
        add(QgsProcessingParameterString("NAME", "Name of the place"))
        add(QgsProcessingParameterFeatureSource("NEIGHBOURHOODS", "Neighbourhoods", polygon))
        add(QgsProcessingParameterField("NEIGHBOURHOOD_ID", "Their ids", parentLayerParameterName="NEIGHBOURHOODS"))
        add(QgsProcessingParameterField("NEIGHBOURHOOD_NAME", "Their names", parentLayerParameterName="NEIGHBOURHOODS", optional=True))
        add(QgsProcessingParameterFeatureSource("HOMES", "Homes", point, optional=True))
        add(QgsProcessingParameterField("HOME_ID", "Their ids", parentLayerParameterName="HOMES", optional=True))
        add(QgsProcessingParameterField("RESIDENTS", "Residents of each", parentLayerParameterName="HOMES", optional=True))
        add(QgsProcessingParameterFeatureSource("SERVICES", "Services", point, optional=True))
        add(QgsProcessingParameterField("SERVICE_ID", "Their ids", parentLayerParameterName="SERVICES", optional=True))
        add(QgsProcessingParameterField("CATEGORY", "Their category (school, clinic, grocery, ...)", parentLayerParameterName="SERVICES", optional=True))
        add(FILE("OSM", "OpenStreetMap extract (.osm.pbf) with the streets, and what no layer gives"))
        add(QgsProcessingParameterFolderDestination("OUTPUT", "Folder of the study"))

    def processAlgorithm(self, parameters, context, feedback):
        out = self.parameterAsString(parameters, "OUTPUT", context)
        os.makedirs(out, exist_ok=True)
        text = lambda name: self.parameterAsString(parameters, name, context)
        parts = [f"name = {json.dumps(text('NAME'))}", "", "[osm]", f"file = {json.dumps(os.path.abspath(text('OSM')))}"]

        def layer(table, source, columns):
            found = self.parameterAsSource(parameters, source, context)
            if found is None:
                return
            name = source.lower()
            to_geopackage(found, out, name, context)
            parts.extend(["", table, f"file = {json.dumps(name + '.gpkg')}"])
            parts.extend(f"{key} = {json.dumps(column)}" for key, column in columns.items() if column)

        layer("[neighbourhoods]", "NEIGHBOURHOODS", {"id": text("NEIGHBOURHOOD_ID"), "name": text("NEIGHBOURHOOD_NAME")})
        layer("[homes]", "HOMES", {"id": text("HOME_ID"), "residents": text("RESIDENTS")})
        layer("[[services]]", "SERVICES", {"id": text("SERVICE_ID"), "category_column": text("CATEGORY")})
        path = os.path.join(out, "study.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(parts) + "\n")
        return {"OUTPUT": out, "STUDY": path}
