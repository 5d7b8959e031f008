return Skiptune.Cli.CommandLine.Run(args);
