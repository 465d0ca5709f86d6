package io.millrace.app.bench;

import io.millrace.schemas.json.Json;
import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that measures in a process of its own and prints its figures as one line of JSON. */
final class RunProcess {

    private RunProcess() {}

    /**
     * The command line of a main class of this build, in a virtual machine with the options of this one.
     *
     * @param threads compute threads
     * @param run what to measure, its only argument as JSON
     */
    static List<String> java(Class<?> main, int threads, Object run) {
        return OwnJvm.command(List.of("-Dai.djl.pytorch.num_threads=" + threads), main, Json.write(run));
    }

    /**
     * Starts a program, waits for its end and reads its figures.
     *
     * @param run names the run in messages
     * @param type of the figures
     * @throws IllegalStateException if the program fails or prints no figures
     */
    static <F> F figures(String run, List<String> command, Class<F> type) throws IOException, InterruptedException {
        Path output = Files.createTempFile("millrace-bench", ".out");
        Path errors = Files.createTempFile("millrace-bench", ".err");
        try {
            Process process = start(command, output, errors);
            try {
                int exit = process.waitFor();
                if (exit != 0) {
                    throw new IllegalStateException(
                            run + ": " + command.get(0) + " ended with exit code " + exit + ": " + lastLine(errors)
                                    + ". Its command line: " + LogSafe.line(String.join(" ", command), 2_000));
                }
                return read(run, command, output, type);
            } finally {
                process.destroy();
                // A run that was interrupted must not disturb what comes next.
                boolean unused = process.waitFor(10, TimeUnit.SECONDS);
            }
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
        }
    }

    private static Process start(List<String> command, Path output, Path errors) {
        try {
            return new ProcessBuilder(command)
                    .redirectOutput(Redirect.to(output.toFile()))
                    .redirectError(Redirect.to(errors.toFile()))
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot start " + LogSafe.quoted(command.get(0)) + ": " + e.getMessage()
                            + ". --peer must be a command, as \"python3 peer_trainer.py\".",
                    e);
        }
    }

    private static <F> F read(String run, List<String> command, Path output, Class<F> type) throws IOException {
        String json = Files.readAllLines(output, StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("{"))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new IllegalStateException(run + ": " + command.get(0)
                        + " printed no line of JSON; expected {\"stepMsMedian\": ..., ...}, see docs/performance.md"));
        try {
            return Json.mapper().readValue(json, type);
        } catch (IOException e) {
            throw new IllegalStateException(
                    run + ": the figures that " + command.get(0) + " printed cannot be read: " + Json.fault(e)
                            + "; docs/performance.md has their keys",
                    e);
        }
    }

    private static String lastLine(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .reduce((earlier, later) -> later)
                .map(line -> LogSafe.line(line.strip(), 500))
                .orElse("it printed nothing to standard error");
    }
}
