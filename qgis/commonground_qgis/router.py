"""The router: layers of points in, tables and areas out. Times run along streets, from the exact place on the street."""

import os

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from .base import Algorithm, to_geopackage
from .program import run

PROFILES = ["adult", "older_adult", "pram", "wheelchair", "bicycle", "car"]
POINTS = [QgsProcessing.TypeVectorPoint]


class RouterAlgorithm(Algorithm):
    GROUP = ("router", "Router")

    def add_network(self):
        streets = "Streets: an OpenStreetMap extract (.osm.pbf), a saved network, or a file of lines"
        self.addParameter(QgsProcessingParameterFile("STREETS", streets))
        self.addParameter(QgsProcessingParameterEnum("PROFILE", "Who travels", PROFILES, defaultValue=0))

    def add_points(self, name, text):
        self.addParameter(QgsProcessingParameterFeatureSource(name, text, POINTS))
        self.addParameter(QgsProcessingParameterField(f"{name}_ID", "Its column of ids", parentLayerParameterName=name, optional=True))

    def network(self, parameters, context):
        streets = self.parameterAsString(parameters, "STREETS", context)
        return [streets, "--profile", PROFILES[self.parameterAsEnum(parameters, "PROFILE", context)]]

    def points(self, parameters, name, folder, context):
        """The file of a layer of points, whose ids stand in a column `id`."""
        source = self.parameterAsSource(parameters, name, context)
        column = self.parameterAsString(parameters, f"{name}_ID", context)
        path = to_geopackage(source, folder, name.lower(), context)
        _name_ids(path, name.lower(), column)
        return path

    def sides(self, parameters, folder, context):
        arguments = ["--origins", self.points(parameters, "ORIGINS", folder, context), "--places", self.points(parameters, "PLACES", folder, context)]
        return arguments + (["--to-origins"] if self.parameterAsBool(parameters, "TO_ORIGINS", context) else [])

    def add_sides(self):
        self.add_network()
        self.add_points("ORIGINS", "From every point of")
        self.add_points("PLACES", "To the places of")
        self.addParameter(QgsProcessingParameterBoolean("TO_ORIGINS", "Travel from the places to the points instead", False))

    def add_output(self, text, file_filter):
        self.addParameter(QgsProcessingParameterFileDestination("OUTPUT", text, file_filter))

    def output(self, parameters, context):
        return self.parameterAsFileOutput(parameters, "OUTPUT", context)


def _name_ids(path, layer, column):
    """Sees to it that a GeoPackage has a column `id`: the chosen one, its own, or the number of the feature."""
    from osgeo import ogr

    data = ogr.Open(path, 1)
    table = data.GetLayerByName(layer)
    definition = table.GetLayerDefn()
    names = [definition.GetFieldDefn(at).GetName() for at in range(definition.GetFieldCount())]
    if column and column != "id":
        if "id" in names:
            table.DeleteField(names.index("id"))
        table.CreateField(ogr.FieldDefn("id", ogr.OFTString))
        for feature in table:
            feature.SetField("id", str(feature.GetField(column)))
            table.SetFeature(feature)
    elif "id" not in names:
        table.CreateField(ogr.FieldDefn("id", ogr.OFTString))
        for feature in table:
            feature.SetField("id", str(feature.GetFID()))
            table.SetFeature(feature)
    data = None


class Closest(RouterAlgorithm):
    NAME, TITLE = "closest", "Closest places"
    HELP = "The closest places of every point along the streets: one row per point and rank, with minutes. A point without a row reaches none within the limit."

    def initAlgorithm(self, configuration=None):
        self.add_sides()
        self.addParameter(QgsProcessingParameterNumber("COUNT", "Places for each point", QgsProcessingParameterNumber.Integer, 1, minValue=1))
        self.addParameter(QgsProcessingParameterNumber("LIMIT", "Longest travel time (minutes)", QgsProcessingParameterNumber.Double, 60, minValue=0))
        self.add_output("Closest places", "CSV (*.csv)")

    def processAlgorithm(self, parameters, context, feedback):
        out = self.output(parameters, context)
        count = self.parameterAsInt(parameters, "COUNT", context)
        limit = self.parameterAsDouble(parameters, "LIMIT", context)
        sides = self.sides(parameters, self.folder(), context)
        run(["closest", *self.network(parameters, context), *sides, "--count", count, "--limit-minutes", limit, "--out", out], feedback)
        return {"OUTPUT": out}


class Matrix(RouterAlgorithm):
    NAME, TITLE = "matrix", "Travel-time matrix"
    HELP = "The travel time of every pair of points within the limit, one row per pair; pairs farther apart have no row."

    def initAlgorithm(self, configuration=None):
        self.add_sides()
        self.addParameter(QgsProcessingParameterNumber("LIMIT", "Longest travel time (minutes)", QgsProcessingParameterNumber.Double, 60, minValue=0))
        self.add_output("Matrix", "CSV (*.csv)")

    def processAlgorithm(self, parameters, context, feedback):
        out = self.output(parameters, context)
        limit = self.parameterAsDouble(parameters, "LIMIT", context)
        sides = self.sides(parameters, self.folder(), context)
        run(["matrix", *self.network(parameters, context), *sides, "--limit-minutes", limit, "--out", out], feedback)
        return {"OUTPUT": out}


def _minutes(text):
    """Arguments for cut-offs written as `5, 10, 15`."""
    return [word for part in text.replace(";", ",").split(",") if part.strip() for word in ("--cutoff-minutes", part.strip())]


class Reach(RouterAlgorithm):
    NAME, TITLE = "reach", "Places within reach"
    HELP = "How many places, or how much of a column of theirs (such as jobs), every point reaches within travel times."

    def initAlgorithm(self, configuration=None):
        self.add_sides()
        self.addParameter(QgsProcessingParameterString("CUTOFFS", "Travel times (minutes, separated by commas)", "5, 10, 15, 30"))
        self.addParameter(QgsProcessingParameterField("WEIGHT", "Column to add up; empty: count places", parentLayerParameterName="PLACES", optional=True))
        self.add_output("Within reach", "CSV (*.csv)")

    def processAlgorithm(self, parameters, context, feedback):
        out = self.output(parameters, context)
        weight = self.parameterAsString(parameters, "WEIGHT", context)
        cutoffs = _minutes(self.parameterAsString(parameters, "CUTOFFS", context))
        sides = self.sides(parameters, self.folder(), context)
        run(["reach", *self.network(parameters, context), *sides, *cutoffs, *(["--weight", weight] if weight else []), "--out", out], feedback)
        return {"OUTPUT": out}


class Isochrones(RouterAlgorithm):
    NAME, TITLE = "isochrones", "Isochrones"
    HELP = "The areas that can be reached from points within travel times: a band along the reached streets, and the blocks that they enclose."

    def initAlgorithm(self, configuration=None):
        self.add_network()
        self.add_points("ORIGINS", "Points")
        self.addParameter(QgsProcessingParameterBoolean("TO_ORIGINS", "Areas from which the points can be reached", False))
        self.addParameter(QgsProcessingParameterString("CUTOFFS", "Travel times (minutes, separated by commas)", "5, 10, 15"))
        self.add_output("Isochrones", "GeoPackage (*.gpkg)")

    def processAlgorithm(self, parameters, context, feedback):
        out = self.output(parameters, context)
        cutoffs = _minutes(self.parameterAsString(parameters, "CUTOFFS", context))
        origins = self.points(parameters, "ORIGINS", self.folder(), context)
        turned = ["--to-origins"] if self.parameterAsBool(parameters, "TO_ORIGINS", context) else []
        run(["isochrones", *self.network(parameters, context), "--origins", origins, *cutoffs, *turned, "--out", out], feedback)
        return {"OUTPUT": out}


class Route(RouterAlgorithm):
    NAME, TITLE = "route", "Route"
    HELP = "The fastest way from the first point to the second, from there to the third, and so on."

    def initAlgorithm(self, configuration=None):
        self.add_network()
        self.add_points("ORIGINS", "Points in their order")
        self.add_output("Ways", "GeoPackage (*.gpkg)")

    def processAlgorithm(self, parameters, context, feedback):
        out = self.output(parameters, context)
        points = self.points(parameters, "ORIGINS", self.folder(), context)
        run(["route", *self.network(parameters, context), "--points", points, "--out", out], feedback)
        return {"OUTPUT": out}
