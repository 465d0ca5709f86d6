package io.millrace.app.cli;

import io.millrace.ingest.file.ExampleField;
import io.millrace.ingest.file.FileFormat;
import io.millrace.ingest.file.LineSource;
import io.millrace.ingest.file.TableColumns;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How a command reads a file of examples: its format, and the columns of a table. */
final class FormatOptions {

    private static final String STANDARD_INPUT = "-";

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--format",
            paramLabel = "jsonl|csv|tsv",
            description =
                    "Format of FILE; by default its name tells: .csv, .tsv (also with .gz), others are JSON lines.")
    private @Nullable FileFormat format;

    @Option(names = "--id", paramLabel = "COLUMN", description = "Column of a table with the ids; default id.")
    private @Nullable String id;

    @Option(names = "--text", paramLabel = "COLUMN", description = "Column of a table with the texts; default text.")
    private @Nullable String text;

    @Option(
            names = "--text-pair",
            paramLabel = "COLUMN",
            description = "Column of a table with the second texts; default textPair, if there is one.")
    private @Nullable String textPair;

    @Option(names = "--label", paramLabel = "COLUMN", description = "Column of a table with the labels; default label.")
    private @Nullable String label;

    @Option(
            names = "--attribute",
            paramLabel = "COLUMN",
            description =
                    "Column of a table to send as an attribute of that name; may be repeated. Others are ignored.")
    private List<String> attributes = List.of();

    /**
     * Fails if the options do not go together.
     *
     * @param file its path, or {@code -} for standard input
     * @param texts whether it holds unlabelled texts
     */
    void check(String file, boolean texts) {
        for (ExampleField field : named().keySet()) {
            requireTable(field.option(), file);
            if (texts && field != ExampleField.ID && field != ExampleField.TEXT) {
                throw notForTexts(field.option());
            }
        }
        if (!attributes.isEmpty()) {
            requireTable("--attribute", file);
            if (texts) {
                throw notForTexts("--attribute");
            }
        }
    }

    /** Opens a file, or standard input; see {@link #check}. */
    LineSource open(String file, boolean texts) throws IOException {
        TableColumns columns = texts ? TableColumns.ofTexts(named()) : TableColumns.ofExamples(named(), attributes);
        return file.equals(STANDARD_INPUT)
                ? format(file).open("standard input", System.in, columns)
                : format(file).open(Path.of(file), columns);
    }

    /** The format of a file. */
    FileFormat format(String file) {
        return format == null ? FileFormat.of(file) : format;
    }

    /** The columns that were named. */
    Map<ExampleField, String> named() {
        Map<ExampleField, String> named = new EnumMap<>(ExampleField.class);
        put(named, ExampleField.ID, id);
        put(named, ExampleField.TEXT, text);
        put(named, ExampleField.TEXT_PAIR, textPair);
        put(named, ExampleField.LABEL, label);
        return named;
    }

    private static void put(Map<ExampleField, String> named, ExampleField field, @Nullable String column) {
        if (column != null) {
            named.put(field, column);
        }
    }

    private void requireTable(String option, String file) {
        if (format(file) == FileFormat.JSONL) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " names a column of a table, but FILE is read as JSON lines. Give --format csv or tsv");
        }
    }

    private ParameterException notForTexts(String option) {
        return new ParameterException(
                spec.commandLine(), option + " does not go with --texts: a text has only --id and --text");
    }
}
