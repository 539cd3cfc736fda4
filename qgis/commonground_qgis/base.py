"""What all algorithms share: names, help, layers to files, files to layers."""

import os
import tempfile

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingUtils,
    QgsVectorFileWriter,
    QgsVectorLayer,
)


class Algorithm(QgsProcessingAlgorithm):
    """One command of the program; a subclass names it and lists its parameters."""

    NAME = ""
    TITLE = ""
    GROUP = ("", "")
    HELP = ""

    def createInstance(self):
        return type(self)()

    def name(self):
        return self.NAME

    def displayName(self):
        return self.TITLE

    def groupId(self):
        return self.GROUP[0]

    def group(self):
        return self.GROUP[1]

    def shortHelpString(self):
        return self.HELP

    def folder(self):
        """A folder of its own for what crosses to the program."""
        base = QgsProcessingUtils.tempFolder()
        os.makedirs(base, exist_ok=True)
        return tempfile.mkdtemp(prefix="commonground_", dir=base)


def to_geopackage(source, folder, name, context, rename=None):
    """Writes a layer for the program and returns the file; `rename` takes columns out under new names."""
    path = os.path.join(folder, f"{name}.gpkg")
    layer = source.materialize(_everything()) if hasattr(source, "materialize") else source
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = name
    written = QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, context.transformContext(), options)
    if written[0] != QgsVectorFileWriter.NoError:
        raise QgsProcessingException(f"layer {name} could not be handed over: {written[1]}")
    return path


def _everything():
    from qgis.core import QgsFeatureRequest

    return QgsFeatureRequest()


def table_layer(path, name):
    """A file of the program as a layer."""
    layer = QgsVectorLayer(path, name, "ogr")
    if not layer.isValid():
        raise QgsProcessingException(f"the program wrote {path}, which QGIS cannot read")
    return layer
