"""An import contract of our own: channels are independent, and a new one is held to it without being listed."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output


class ChannelsContract(Contract):
    """No package ``adapters.X`` that has an ``adapter`` module reaches another one, directly or through others."""

    type_name = "channels"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look for chains of imports from one channel to another."""
        channels = {name for name in graph.find_children("adapters") if f"{name}.adapter" in graph.modules}
        found = graph.find_illegal_dependencies_for_layers(layers=[channels]) if channels else set()
        chains = sorted(
            " -> ".join([min(route.heads), *route.middle, min(route.tails)])
            for dependency in found
            for route in dependency.routes
        )
        return ContractCheck(kept=not chains, metadata={"chains": chains})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each chain."""
        for chain in check.metadata["chains"]:
            output.print_error(f"- {chain}")
