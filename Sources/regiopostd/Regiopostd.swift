import ArgumentParser

@main struct Regiopostd: AsyncParsableCommand {}
