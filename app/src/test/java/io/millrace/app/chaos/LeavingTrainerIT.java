package io.millrace.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** A trainer that is asked to stop between two checkpoints leaves with one of all that it has trained. */
class LeavingTrainerIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Fewer steps than make a checkpoint by themselves. */
    private static final int EXAMPLES = ChaosStream.BATCH_SIZE * (ChaosStream.STEPS_A_CHECKPOINT - 2);

    @TempDir
    private Path folder;

    @Test
    void shouldAnnounceWhatItHasTrainedBeforeItLeaves() throws Exception {
        Recoveries leaving = new Recoveries("trainer asked to stop, until it has announced a checkpoint and left");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            // Given
            KafkaConnection kafka = broker.connection();
            ChaosStream.createTopics(kafka);
            Path config = ChaosStream.config(folder, kafka, ChaosStream.BY_STEPS_ALONE);
            int port = freePort();
            try (ChildProcess ingest = ChildProcess.service(folder.resolve("ingest.log"), "ingest", config);
                    ChildProcess trainer = ChildProcess.service(
                            folder.resolve("trainer.log"),
                            "trainer",
                            config,
                            "--metrics-port",
                            Integer.toString(port))) {
                ChaosStream.send(kafka, 0, EXAMPLES);
                await().atMost(PATIENCE)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .untilAsserted(() -> {
                            ingest.assertAlive();
                            trainer.assertAlive();
                            assertThat(trained(port)).isEqualTo(EXAMPLES * ChaosStream.TASKS.size());
                        });
                assertThat(ChaosStream.announcements(kafka)).isEmpty();

                // When
                long askedNanos = System.nanoTime();
                int status = trainer.terminate();
                leaving.over(askedNanos);

                // Then
                assertThat(status).as(trainer::output).isZero();
                ChaosStream.assertTrained(kafka, EXAMPLES);
                ChaosStream.assertProven(kafka, folder.resolve("store"));
                leaving.print();
            }
        }
    }

    private static double trained(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith("millrace_trainer_examples_total{") && line.contains("\"trained\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
