package io.millrace.app.cli;

import io.millrace.app.MillraceMain;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/** Runs commands in this process, and keeps what they print. */
abstract class CommandRun {

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    int run(String... args) {
        return MillraceMain.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
