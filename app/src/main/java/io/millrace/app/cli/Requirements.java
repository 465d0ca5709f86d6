package io.millrace.app.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import java.nio.file.Files;
import java.nio.file.Path;

/** Checks of options that several commands have. A bad value ends the command with exit code 2 before it does anything. */
final class Requirements {

    private static final int MAX_PORT = 65_535;

    private Requirements() {}

    /** A port, or 0 for any free one. {@code port} may be null. */
    static void port(CommandSpec spec, String option, Integer port) {
        if (port != null && (port < 0 || port > MAX_PORT)) {
            throw new ParameterException(spec.commandLine(), option + " must be in [0, " + MAX_PORT + "], got " + port);
        }
    }

    /** A directory, or nothing yet. {@code directory} may be null. */
    static void directory(CommandSpec spec, String option, Path directory) {
        if (directory != null && Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new ParameterException(
                    spec.commandLine(), option + " must be a directory, got " + directory + ", which is a file");
        }
    }
}
