package io.millrace.app.bench;

import io.millrace.schemas.json.Json;
import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that makes a {@link BenchRun} in a process of its own and prints {@link RunFigures}. */
interface TrainingLoop {

    /** The command line of a run. */
    List<String> command(BenchRun run);

    /** The learner of this build, in a virtual machine with the options of this one. */
    static TrainingLoop ours() {
        return run -> OwnJvm.command(
                List.of("-Dai.djl.pytorch.num_threads=" + run.size().threads()), LearnerRun.class, Json.write(run));
    }

    /** Another program; {@code words} start it. */
    static TrainingLoop peer(List<String> words) {
        return run -> {
            List<String> command = new ArrayList<>(words);
            command.addAll(List.of(
                    "--encoder", run.encoder().toString(),
                    "--stream", run.stream().toString(),
                    "--method", run.method().wireName(),
                    "--batch", Integer.toString(run.size().batch()),
                    "--max-length", Integer.toString(run.size().maxTokens()),
                    "--steps", Integer.toString(run.size().steps()),
                    "--threads", Integer.toString(run.size().threads()),
                    "--lr", Double.toString(BenchRun.LEARNING_RATE)));
            if (!BenchRun.word(run.precision()).equals("f32")) {
                command.add("--" + BenchRun.word(run.precision()));
            }
            return command;
        };
    }

    /**
     * Makes the run and waits for its end.
     *
     * @throws IllegalStateException if the program fails or prints no figures
     */
    default RunFigures run(BenchRun run) throws IOException, InterruptedException {
        List<String> command = command(run);
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
                return figures(run, command, output);
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

    private static RunFigures figures(BenchRun run, List<String> command, Path output) throws IOException {
        String json = Files.readAllLines(output, StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("{"))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new IllegalStateException(run + ": " + command.get(0)
                        + " printed no line of JSON; expected {\"stepMsMedian\": ..., ...}, see docs/performance.md"));
        try {
            return Json.mapper().readValue(json, RunFigures.class);
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
