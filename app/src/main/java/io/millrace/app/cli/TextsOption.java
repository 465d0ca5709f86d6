package io.millrace.app.cli;

import io.millrace.ingest.file.DataFile;
import picocli.CommandLine.Option;

import java.util.List;

/** The files of texts that a command works through. */
final class TextsOption {

    static final String DESCRIPTION =
            "Texts: JSON lines with a text each (.jsonl), CSV or TSV with a column text, or one text per line; gzipped or not.";

    @Option(names = "--texts", paramLabel = "FILE", arity = "1..*", required = true, description = DESCRIPTION)
    private List<String> files;

    /**
     * The files as {@code format} reads them.
     *
     * @throws picocli.CommandLine.ParameterException if its options do not go with them
     */
    List<DataFile> files(FormatOptions format) {
        return files(files, format);
    }

    /** As {@link #files(FormatOptions)}, for files that were given in another way. */
    static List<DataFile> files(List<String> files, FormatOptions format) {
        List<DataFile> read = files.stream()
                .map(file -> format.file(file, FormatOptions.Content.TEXTS_ALONE))
                .toList();
        format.check(read, FormatOptions.Content.TEXTS_ALONE);
        return read;
    }
}
