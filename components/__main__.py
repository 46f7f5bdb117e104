"""What the engine starts: `python -m alicloud_gateways`, or the folder of the plugin."""

from importlib import import_module

if __name__ == "__main__":
    # By the name that it is installed by: run from its folder, this file is in no package.
    import_module("alicloud_gateways._provider").main()
