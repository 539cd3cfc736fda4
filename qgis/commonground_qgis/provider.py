"""What the Processing toolbox shows under Commonground."""

import os

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .program import SETTING
from .router import Closest, Isochrones, Matrix, Reach, Route
from .study import Assess, Check, Gentrification, Index, PrepareStudy


class Provider(QgsProcessingProvider):
    def id(self):
        return "commonground"

    def name(self):
        return "Commonground"

    def icon(self):
        return QIcon(os.path.join(os.path.dirname(__file__), "icon.svg"))

    def load(self):
        ProcessingConfig.settingIcons[self.name()] = self.icon()
        text = "The commonground program; empty: the one on the PATH"
        ProcessingConfig.addSetting(Setting(self.name(), SETTING, text, "", valuetype=Setting.FILE))
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self):
        ProcessingConfig.removeSetting(SETTING)

    def loadAlgorithms(self):
        for algorithm in (PrepareStudy, Check, Assess, Index, Gentrification, Closest, Matrix, Reach, Isochrones, Route):
            self.addAlgorithm(algorithm())
