package io.millrace.app.cli;

import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** docs/commands.md, made from the commands themselves. */
final class CommandReference {

    private static final String HEAD =
            """
            # Commands

            This page is made from the code: `./millrace COMMAND --help` says the same.

            | option of every command | meaning |
            |---|---|
            | `-h`, `--help` | Show the help of the command. |
            | `-V`, `--version` | Print the version. |
            | `--verbose` | Log more, and print stack traces; without it a failure is one line that says what to do. |

            **Exit codes** are 0 for done, 1 for a failure and 2 for wrong usage or configuration, unless a command lists others.

            **`--json`** prints an answer for programs: JSON on standard output and nothing else there; messages go to standard error.
            Most commands print one object on one line; those that print one object per line say so. The keys below keep their names and
            meanings; later versions may add some. A key with a question mark is absent if there is no value. Times are ISO 8601 in UTC.

            **Completion** of commands, options and topics in this shell: `source <(./millrace completion)`, in bash and in zsh. For every
            shell put that line, with the path of `millrace`, into `~/.bashrc` or `~/.zshrc`.

            **A broker that is away** is reported after five seconds. On a slow network, `default.api.timeout.ms` in `kafka.properties` gives it
            longer.
            """;

    private static final int WIDTH = 2000;

    private CommandReference() {}

    static String page() {
        StringBuilder page = new StringBuilder(HEAD);
        page.append("\n| command | |\n|---|---|\n");
        Map<String, CommandSpec> commands = Commands.all();
        commands.forEach((name, command) -> page.append("| [`")
                .append(name)
                .append("`](#")
                .append(name.replace(' ', '-'))
                .append(") | ")
                .append(escaped(text(command.usageMessage().description()[0])))
                .append(" |\n"));
        commands.forEach((name, command) -> page.append(section(name, command)));
        return page.toString();
    }

    private static String section(String name, CommandSpec command) {
        List<String> lines = new ArrayList<>(List.of("", "## " + name, ""));
        for (String sentence : command.usageMessage().description()) {
            lines.add(text(sentence));
        }
        lines.add("");
        lines.add("    ./" + synopsis(command));
        lines.add("");
        lines.add("| option | meaning |");
        lines.add("|---|---|");
        for (PositionalParamSpec positional : command.positionalParameters()) {
            lines.add(row("`" + positional.paramLabel() + "`", positional));
        }
        command.options().stream()
                .filter(option -> !option.inherited() && !option.usageHelp() && !option.versionHelp())
                .sorted(Comparator.comparing(OptionSpec::longestName))
                .forEach(option -> lines.add(row(names(option), option)));
        Map<String, String> exitCodes = command.usageMessage().exitCodeList();
        if (!exitCodes.isEmpty()
                && !exitCodes.equals(command.root().usageMessage().exitCodeList())) {
            lines.add("");
            lines.add("Exit codes: "
                    + exitCodes.entrySet().stream()
                            .map(code -> code.getKey() + " " + text(code.getValue()))
                            .collect(Collectors.joining("; "))
                    + ".");
        }
        Optional<JsonOption> json = Commands.json(command);
        if (json.isPresent()) {
            lines.add("");
            lines.add(json.get().one() ? "With `--json`:" : "With `--json`, one object per line:");
            lines.add("");
            JsonShape.of(json.get().shape()).lines().forEach(line -> lines.add("    " + line));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String synopsis(CommandSpec command) {
        // Otherwise it is wrapped, also inside a word.
        command.usageMessage().width(WIDTH);
        return new Help(command, Help.defaultColorScheme(Help.Ansi.OFF))
                .synopsis(0)
                .replaceAll("\\s+", " ")
                .replace(" [-hV]", "")
                .replace(" [--verbose]", "")
                .strip();
    }

    private static String names(OptionSpec option) {
        String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        return Arrays.stream(option.names())
                .map(name -> "`" + name + (name.equals(option.longestName()) ? label : "") + "`")
                .collect(Collectors.joining(", "));
    }

    private static String row(String name, ArgSpec argument) {
        String description = text(String.join(" ", argument.description()));
        if (argument.completionCandidates() != null) {
            description =
                    description.replace("${COMPLETION-CANDIDATES}", String.join(", ", argument.completionCandidates()));
        }
        return "| " + escaped(name) + " | " + escaped(description) + " |";
    }

    private static String text(String description) {
        return description.replace("%%", "%");
    }

    private static String escaped(String cell) {
        return cell.replace("|", "\\|").replace("<", "&lt;");
    }
}
