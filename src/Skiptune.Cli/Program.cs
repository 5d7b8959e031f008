using Skiptune.Cli;

if (args is ["finetune", ..])
    Rehearsal.Begin();
return CommandLine.Run(args);
