"""Commonground in QGIS: a Processing provider on top of the commonground program."""


def classFactory(iface):
    from .plugin import Plugin

    return Plugin()
