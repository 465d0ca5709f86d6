package io.millrace.app.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace completion}. */
@Command(
        name = "completion",
        description = {
            "Print a script with which bash and zsh complete commands and options.",
            "For this shell: source <(./millrace completion). For every shell: ./millrace completion >>"
                    + " ~/.bash_completion, or source it in ~/.zshrc after autoload -U compinit; compinit."
        })
public final class CompletionCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        CommandLine root = spec.root().commandLine();
        spec.commandLine().getOut().print(AutoComplete.bash(spec.root().name(), root));
        spec.commandLine().getOut().flush();
    }
}
