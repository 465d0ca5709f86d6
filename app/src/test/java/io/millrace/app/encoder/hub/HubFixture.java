package io.millrace.app.encoder.hub;

import io.millrace.app.console.ProgressPrinter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A hub with a small encoder, and downloads from it that do not really wait. */
abstract class HubFixture {

    static final Path ENCODER = Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert");

    final List<Duration> waits = new ArrayList<>();
    final StringWriter printed = new StringWriter();
    Duration patience = Duration.ofSeconds(20);
    long freeBytes = Long.MAX_VALUE;

    @TempDir
    Path folder;

    HubServer hub;

    @BeforeEach
    void open() throws IOException {
        hub = new HubServer();
        for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            hub.put(file, content(file));
        }
    }

    @AfterEach
    void close() {
        hub.close();
    }

    static byte[] content(String file) throws IOException {
        return Files.readAllBytes(ENCODER.resolve(file));
    }

    Path target() {
        return folder.resolve("tiny");
    }

    String download() throws IOException, InterruptedException {
        return download("org/tiny", "main", "");
    }

    String download(String repository, String revision, String token) throws IOException, InterruptedException {
        HubEndpoint endpoint = hub.endpoint(token);
        ProgressPrinter printer = new ProgressPrinter(new PrintWriter(printed, true), false);
        return new EncoderDownload(new RepositoryName(repository), revision, target())
                .run(
                        endpoint,
                        new EncoderDownload.Surroundings(
                                new HubRequests(endpoint, patience),
                                new Retries(waits::add, printer::line),
                                directory -> freeBytes,
                                printer));
    }
}
