package io.millrace.app.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestService;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What ingest says when it resumes after a clean stop. */
class CleanStopIT {

    private static final Task TASK = new Task("mood", TaskKind.SINGLE, List.of("bad", "good"), 500);

    @TempDir
    private Path directory;

    @Test
    void shouldReportNothingAsCorrupted() {
        // Given
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0)) {
            accept(broker, 1);

            // When
            try (Warnings warnings = new Warnings()) {
                accept(broker, 2);

                // Then
                assertThat(warnings.said).noneMatch(line -> line.contains("corrupted"));
            }
        }
    }

    private void accept(EmbeddedBroker broker, int id) {
        byte[] example = "{\"id\":\"%d\",\"text\":\"text %d\",\"label\":\"good\"}"
                .formatted(id, id)
                .getBytes(UTF_8);
        try (IngestService ingest = new IngestService(
                        broker.connection(),
                        new IngestConfig(directory.resolve("streams"), null, null),
                        List.of(TASK),
                        new SimpleMeterRegistry());
                KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                        broker.connection().clientProperties(), new StringSerializer(), new ByteArraySerializer())) {
            ingest.start();
            var unused = producer.send(new ProducerRecord<>(Topics.EXAMPLES.name(), TASK.name(), example));
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(Topicwise.records(broker.connection(), Topics.ACCEPTED_EXAMPLES))
                            .hasSize(id));
        }
    }

    /** Everything that Kafka Streams says at WARN or above. */
    private static final class Warnings extends AbstractAppender implements AutoCloseable {

        private final Queue<String> said = new ConcurrentLinkedQueue<>();
        private final Logger streams = (Logger) LogManager.getLogger("org.apache.kafka.streams");

        Warnings() {
            super("warnings", null, null, true, Property.EMPTY_ARRAY);
            start();
            streams.addAppender(this);
        }

        @Override
        public void append(LogEvent event) {
            if (event.getLevel().isMoreSpecificThan(Level.WARN)) {
                said.add(event.getMessage().getFormattedMessage());
            }
        }

        @Override
        public void close() {
            streams.removeAppender(this);
        }
    }
}
