"""The pure floor: text and signals in, decisions out. It never touches the network, the clock or a framework."""
