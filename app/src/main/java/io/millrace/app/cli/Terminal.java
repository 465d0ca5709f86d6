package io.millrace.app.cli;

import io.millrace.app.console.Prompt;
import picocli.CommandLine.Model.CommandSpec;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The terminal that a command was typed at, if there is one. */
final class Terminal {

    private Terminal() {}

    /** Asks if standard input and output are a terminal, which the start script tells. */
    static Prompt prompt(CommandSpec spec) {
        return new Prompt(
                spec.commandLine().getOut(),
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                Boolean.getBoolean("millrace.asks"));
    }
}
