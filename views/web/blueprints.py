"""How a view file says where its pages stand: which entry of the menu they light, which section of
the handbook explains them. Both must be given, so that no new page is lost."""

from flask import Blueprint


class StaffBlueprint(Blueprint):
    """Pages of the staff. `menu` names the blueprint of the entry (views/web/navigation.py), None
    for what stands outside the menu; `help` a file of docs/handbook without its ending."""

    def __init__(self, name, import_name, *, menu, help, **options):
        super().__init__(name, import_name, **options)
        self.menu, self.help = menu, help


class PortalBlueprint(Blueprint):
    """Pages of the customers' portal, which have a menu but no handbook."""

    def __init__(self, name, import_name, *, menu, **options):
        super().__init__(name, import_name, **options)
        self.menu = menu
