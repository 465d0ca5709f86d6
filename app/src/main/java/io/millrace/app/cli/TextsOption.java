package io.millrace.app.cli;

import io.millrace.app.pretrain.TextFiles;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The files of texts that a command works through. */
final class TextsOption {

    @Option(
            names = "--texts",
            paramLabel = "FILE",
            arity = "1..*",
            required = true,
            description = "Texts: JSON lines with a text each (.jsonl), or one text per line; gzipped or not.")
    private List<Path> files;

    /** The texts in the order of {@code seed}, {@code epochs} times through. */
    TextFiles open(int epochs, long seed) throws IOException {
        return TextFiles.open(files, epochs, seed);
    }
}
