package io.millrace.app.bench.ingest;

import io.millrace.app.bench.OwnJvm;
import io.millrace.app.bench.ingest.StreamsProcess.Figures;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.text.LogSafe;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link StreamsProcess} that runs beside this process. */
final class StreamsChild implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 40;

    private final StreamsRun run;
    private final Path errors;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;
    private final Figures atStart;

    private StreamsChild(StreamsRun run, Path errors, Process process) throws IOException {
        this.run = run;
        this.errors = errors;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
        this.atStart = answer();
    }

    /**
     * Starts it; it may take some seconds until it processes.
     *
     * @param options further options of its virtual machine
     */
    static StreamsChild start(StreamsRun run, List<String> options) throws IOException {
        Path errors = Files.createTempFile("millrace-bench", ".err");
        Process process = new ProcessBuilder(OwnJvm.command(options, StreamsProcess.class, Json.write(run)))
                .redirectError(Redirect.to(errors.toFile()))
                .start();
        try {
            return new StreamsChild(run, errors, process);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** What it took before anything ran. */
    Figures atStart() {
        return atStart;
    }

    /** What it takes now. */
    Figures figures() throws IOException {
        check();
        questions.newLine();
        questions.flush();
        return answer();
    }

    /** Fails if the process has ended. */
    void check() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    run.side().words() + " ended with exit code " + process.exitValue() + ": " + lastError());
        }
    }

    /** Stops it as a service is stopped. */
    @Override
    public void close() throws IOException {
        try {
            questions.close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            Files.deleteIfExists(errors);
        }
    }

    private Figures answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IllegalStateException(run.side().words() + " ended: " + lastError());
        }
        return Json.mapper().readValue(line, Figures.class);
    }

    private String lastError() {
        try {
            return Files.readString(errors)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce((earlier, later) -> later)
                    .map(line -> LogSafe.line(line.strip(), 500))
                    .orElse("it printed nothing to standard error");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
