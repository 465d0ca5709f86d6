package io.millrace.app.cli;

import io.millrace.app.config.MillraceConfig;
import io.millrace.app.console.Prompt;
import io.millrace.app.demo.DemoFiles;
import io.millrace.app.init.ColumnGuess;
import io.millrace.app.init.ConfigurationText;
import io.millrace.app.init.DataSummary;
import io.millrace.app.init.TokenCounts;
import io.millrace.ingest.file.DataFile;
import io.millrace.ingest.file.ExampleField;
import io.millrace.ingest.file.FileFormat;
import io.millrace.ingest.file.LineSource;
import io.millrace.ingest.file.TableColumns;
import io.millrace.schemas.Task;
import io.millrace.schemas.store.AtomicFile;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code millrace init}. */
@Command(
        name = "init",
        description = {
            "Write a configuration for a file of examples, with comments, and tell what to run next.",
            "It looks at the file for labels, lengths and, in a table, columns. At a terminal it asks for what is not given."
                    + " It never overwrites a configuration without --force."
        })
public final class InitCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private FormatOptions format;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "Labelled examples: JSON lines, CSV or TSV, gzipped or not.")
    private @Nullable Path file;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description = "Name of the task; by default it is made from the name of FILE.")
    private @Nullable String task;

    @Option(
            names = "--regression",
            description = "Labels are numbers; by default the labels tell: numbers with fractions, or many of them.")
    private boolean regression;

    @Option(
            names = "--encoder",
            paramLabel = "DIR",
            description =
                    "Hugging Face directory of the encoder to start from; by default a small English one, which is"
                            + " written beside the configuration.")
    private @Nullable Path encoder;

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            defaultValue = "localhost:9092",
            description = "The broker; default localhost:9092.")
    private String bootstrapServer;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "millrace.yaml",
            description = "The configuration to write; default millrace.yaml.")
    private Path out;

    @Option(names = "--force", description = "Overwrite the configuration if it exists.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        Path target = out.toAbsolutePath().normalize();
        if (Files.exists(target) && !force) {
            throw new ParameterException(
                    spec.commandLine(), out + " exists already. Give --force to overwrite it, or another --out");
        }
        Path folder = Objects.requireNonNull(target.getParent(), "an absolute path");
        Prompt prompt = Terminal.prompt(spec);
        Path data = data(prompt);
        Map<ExampleField, String> columns = columns(data, prompt);
        String name = name(data, prompt);
        DataSummary summary = summary(data, columns);
        Path directory = encoder == null ? folder.resolve("encoder") : encoder;
        Files.createDirectories(folder);
        if (encoder == null) {
            DemoFiles.unpackEncoder(folder);
        }
        ConfigurationText text = new ConfigurationText(
                LogSafe.line(String.valueOf(data.getFileName()), 200),
                name,
                bootstrapServer,
                shown(folder, directory),
                encoder == null,
                summary,
                TokenCounts.of(directory, summary.sample()));
        write(text.yaml(), target);
        tell(data, name, columns, summary);
        return 0;
    }

    private Path data(Prompt prompt) {
        String given = file == null ? prompt.ask("File with labelled examples", "") : file.toString();
        if (given.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "FILE is missing: the file with labelled examples");
        }
        Path data = Path.of(given);
        if (!Files.isRegularFile(data)) {
            throw new ParameterException(
                    spec.commandLine(), "FILE must be a file, since it is read twice, got " + data);
        }
        return data;
    }

    /** The columns that a table must be read with, where they are not called as the fields. */
    private Map<ExampleField, String> columns(Path data, Prompt prompt) throws IOException {
        DataFile read = format.file(data.toString(), FormatOptions.Content.EXAMPLES);
        format.check(List.of(read), FormatOptions.Content.EXAMPLES);
        List<String> header = read.header();
        if (header.isEmpty()) {
            return Map.of();
        }
        Map<ExampleField, String> columns = new EnumMap<>(ColumnGuess.of(header, format.named()));
        for (ExampleField field : List.of(ExampleField.ID, ExampleField.TEXT, ExampleField.LABEL)) {
            String guess = columns.getOrDefault(field, "");
            String column = format.named().containsKey(field)
                    ? guess
                    : prompt.ask("Column of the " + field.json() + "s, of " + shown(header), guess);
            if (column.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "cannot tell which column has the " + field.json() + "s: " + data + " has " + shown(header)
                                + ". Give " + field.option() + " COLUMN");
            }
            columns.put(field, column);
        }
        return columns;
    }

    private static String shown(List<String> header) {
        return LogSafe.line(String.join(", ", header), 400);
    }

    private String name(Path data, Prompt prompt) {
        String guess = String.valueOf(data.getFileName())
                .toLowerCase(Locale.ROOT)
                .replaceFirst("\\..*", "")
                .replaceAll("[^a-z0-9_-]+", "-")
                .replaceFirst("^[^a-z0-9]+", "");
        String fallback = Task.NAME.matcher(guess).matches() ? guess : "task";
        String name = task == null ? prompt.ask("Name of the task", fallback) : task;
        if (!Task.NAME.matcher(name).matches()) {
            throw new ParameterException(
                    spec.commandLine(), "--task must be a name that matches " + Task.NAME + ", got \"" + name + "\"");
        }
        return name;
    }

    private DataSummary summary(Path data, Map<ExampleField, String> columns) throws IOException {
        DataFile read = format.file(data.toString(), FormatOptions.Content.EXAMPLES)
                .withColumns(TableColumns.ofExamples(columns, List.of()));
        try (LineSource lines = read.lines()) {
            return DataSummary.of(lines, regression ? Optional.of(true) : Optional.empty());
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith(data.toString()) ? e : new IllegalArgumentException(data + ": " + message, e);
        }
    }

    private static String shown(Path folder, Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        return absolute.startsWith(folder) ? folder.relativize(absolute).toString() : absolute.toString();
    }

    /** What cannot be read again is never put in place. */
    private static void write(String yaml, Path target) throws IOException {
        Path scratch = Files.createTempFile(
                Objects.requireNonNull(target.getParent(), "an absolute path"), ".millrace-init", ".yaml");
        try {
            Files.writeString(scratch, yaml);
            var unused = MillraceConfig.read(scratch);
        } finally {
            Files.delete(scratch);
        }
        AtomicFile.write(target, yaml);
    }

    private void tell(Path data, String name, Map<ExampleField, String> columns, DataSummary summary) {
        PrintWriter console = spec.commandLine().getOut();
        console.printf(
                Locale.ROOT,
                "wrote %s: task %s, %s, from %,d examples in %s%n",
                out,
                name,
                summary.regression() ? "a regression" : summary.labels().size() + " labels",
                summary.examples(),
                data);
        if (summary.others() > 0) {
            console.printf(
                    Locale.ROOT,
                    "%,d of %,d lines cannot be used; the first: %s%n",
                    summary.others(),
                    summary.examples() + summary.others(),
                    summary.firstOther().orElse("?"));
        }
        String options = options(data, columns);
        String produce = "  ./millrace produce " + data + " --task " + name + options + " --config " + out;
        console.println();
        console.println("Look before you start:");
        console.println(produce + " --dry-run");
        console.println("  ./millrace doctor --config " + out);
        console.println("Run a broker and all services in one process:");
        console.println("  ./millrace local --config " + out + " --port " + port());
        console.println(
                "Then, in another terminal, load a probe set (examples kept out of training, to score on) and send the"
                        + " examples:");
        console.println("  ./millrace probes load PROBES_FILE --task " + name + " --set known --distribution in"
                + options + " --config " + out);
        console.println(produce);
        console.println("And watch:");
        console.println("  ./millrace tail model-updates --config " + out);
        console.println("  ./millrace models current --task " + name + " --config " + out);
    }

    /** The port that the configuration names, so that the commands find the broker of {@code local}. */
    private String port() {
        String port = bootstrapServer.replaceFirst(".*:", "");
        return port.matches("\\d{1,5}") ? port : "9092";
    }

    private String options(Path data, Map<ExampleField, String> columns) {
        List<String> options = new ArrayList<>();
        DataFile read = format.file(data.toString(), FormatOptions.Content.EXAMPLES);
        if (read.format() != FileFormat.of(data.toString())) {
            options.add(" --format " + read.format().name().toLowerCase(Locale.ROOT));
        }
        if (read.delimiter() != null) {
            options.add(" --delimiter " + read.delimiter().word());
        }
        columns.forEach((field, column) -> {
            if (!column.equals(field.json())) {
                options.add(" " + field.option() + " "
                        + (column.matches("[\\w./:-]+") ? column : "'" + LogSafe.line(column, 200) + "'"));
            }
        });
        return String.join("", options);
    }
}
