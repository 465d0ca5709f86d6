package io.millrace.app.cli;

import io.millrace.ingest.file.DataFile;
import io.millrace.ingest.file.Delimiter;
import io.millrace.ingest.file.ExampleField;
import io.millrace.ingest.file.FileFormat;
import io.millrace.ingest.file.TableColumns;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How a command reads its files of examples or texts: the format, and the columns of a table. */
final class FormatOptions {

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--format",
            paramLabel = "jsonl|csv|tsv|text",
            description =
                    "Format of the files; by default their names tell: .csv, .tsv (also with .gz), others are JSON lines."
                            + " For pretrain and rank, files other than .csv, .tsv and .jsonl are text: one text per line.")
    private @Nullable FileFormat format;

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            converter = DelimiterWords.class,
            description = "What separates the columns of CSV: comma, semicolon, tab or pipe; default comma.")
    private @Nullable Delimiter delimiter;

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
                    "Column of a table to take as an attribute of that name; may be repeated. Others are ignored.")
    private List<String> attributes = List.of();

    /** What the lines of a file are. */
    enum Content {
        /** Labelled examples. */
        EXAMPLES,
        /** Examples of a probe set, with or without labels. */
        PROBES,
        /** Unlabelled texts with ids. */
        TEXTS,
        /** Unlabelled texts that need no ids. */
        TEXTS_ALONE
    }

    /** The file at {@code path}, or standard input if that is {@code -}, as these options read it. */
    DataFile file(String path, Content content) {
        TableColumns columns =
                switch (content) {
                    case EXAMPLES -> TableColumns.ofExamples(named(), attributes);
                    case PROBES -> TableColumns.ofProbes(named(), attributes);
                    case TEXTS -> TableColumns.ofTexts(named());
                    case TEXTS_ALONE -> TableColumns.ofTextsAlone(named());
                };
        FileFormat byName = content == Content.TEXTS_ALONE ? FileFormat.ofTexts(path) : FileFormat.of(path);
        return new DataFile(path, format == null ? byName : format, delimiter, columns);
    }

    /** Fails if the options do not go together: an option for tables needs a table among {@code files}. */
    void check(List<DataFile> files, Content content) {
        boolean texts = content == Content.TEXTS || content == Content.TEXTS_ALONE;
        for (ExampleField field : named().keySet()) {
            requireTable(field.option(), files);
            boolean read = field == ExampleField.TEXT || (field == ExampleField.ID && content == Content.TEXTS);
            if (texts && !read) {
                throw notForTexts(field.option(), content);
            }
        }
        if (!attributes.isEmpty()) {
            requireTable("--attribute", files);
            if (texts) {
                throw notForTexts("--attribute", content);
            }
        }
        if (delimiter != null && files.stream().noneMatch(file -> file.format() == FileFormat.CSV)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--delimiter is that of a CSV table, but no file is read as one. Give --format csv");
        }
        if (format == FileFormat.TEXT && content != Content.TEXTS_ALONE) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--format text is for pretrain and rank: here each line needs an id, as in JSON lines or a table");
        }
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

    private void requireTable(String option, List<DataFile> files) {
        if (files.stream().noneMatch(file -> file.format().isTable())) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " names a column of a table, but "
                            + (files.size() == 1 ? files.get(0) + " is" : "the files are")
                            + " read as " + (files.get(0).format() == FileFormat.TEXT ? "text" : "JSON lines")
                            + ". Give --format csv or tsv");
        }
    }

    private ParameterException notForTexts(String option, Content content) {
        return new ParameterException(
                spec.commandLine(),
                option + " does not go with --texts: "
                        + (content == Content.TEXTS
                                ? "a text has only --id and --text"
                                : "of a text only --text is read"));
    }

    /** Reads a delimiter by its character or its name. */
    static final class DelimiterWords implements ITypeConverter<Delimiter> {

        @Override
        public Delimiter convert(String value) {
            return Delimiter.of(value)
                    .orElseThrow(() -> new TypeConversionException(
                            "must be comma, semicolon, tab or pipe, got \"" + value + "\""));
        }
    }
}
