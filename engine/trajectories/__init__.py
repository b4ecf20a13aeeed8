"""Things that move: cars before junctions, agents that wait for each other, and the files of those that somebody watched."""
