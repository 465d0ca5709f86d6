package io.millrace.app.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.contract.Topicwise;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestService;
import io.millrace.ingest.decode.Framed;
import io.millrace.ingest.decode.RegistryAwayException;
import io.millrace.ingest.decode.RegistryConfig;
import io.millrace.ingest.decode.StubRegistry;
import io.millrace.ingest.source.SourceConfig;
import io.millrace.ingest.source.SourceFields;
import io.millrace.ingest.source.SourceFormat;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.kafka.Topics;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A schema registry that is away while a transaction is open, for longer than the broker keeps it open. */
@Tag("slow")
class RegistryAwayIT {

    /** Whatever is the text is the label too. */
    private static final Task TASK = new Task("mood", TaskKind.SINGLE, List.of(), NewLabels.GROW, 1000, 0.5, 500);

    private static final String TOPIC = "acme.moods";
    private static final Schema SCHEMA = new Schema.Parser()
            .parse("{\"type\":\"record\",\"name\":\"Mood\",\"fields\":[{\"name\":\"text\",\"type\":\"string\"}]}");

    /** Kafka Streams lets its transactions expire after ten seconds. */
    private static final Duration AWAY = Duration.ofSeconds(15);

    @TempDir
    private Path directory;

    @AutoClose
    private final StubRegistry registry = new StubRegistry();

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void shouldAcceptEveryExampleOnceAfterAnOutageAndAStopForALongerOne() throws Exception {
        // Given
        registry.add(1, "AVRO", SCHEMA.toString());
        registry.add(2, "AVRO", SCHEMA.toString());
        registry.add(3, "AVRO", SCHEMA.toString());
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                KafkaProducer<String, byte[]> company = new KafkaProducer<>(
                        broker.connection().clientProperties(), new StringSerializer(), new ByteArraySerializer())) {
            try (Admin admin = Admin.create(broker.connection().clientProperties())) {
                admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                        .all()
                        .get();
            }
            try (IngestService ingest = ingest(broker, Duration.ofMinutes(2))) {
                ingest.start();
                send(company, 1, 0, 50);
                awaitAccepted(broker, 50);

                // When
                registry.fail(Integer.MAX_VALUE, 503);
                send(company, 1, 50, 60);
                send(company, 2, 60, 100);
                TimeUnit.MILLISECONDS.sleep(AWAY.toMillis());
                registry.fail(0, 503);
                awaitAccepted(broker, 100);
                assertThat(ingest.terminated()).isNotDone();
            }
            try (IngestService ingest = ingest(broker, Duration.ofMillis(500))) {
                ingest.start();
                registry.fail(Integer.MAX_VALUE, 503);
                send(company, 3, 100, 120);
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> ingest.terminated().isDone());
                assertThat(ingest.terminated())
                        .failsWithin(Duration.ZERO)
                        .withThrowableOfType(ExecutionException.class)
                        .withCauseInstanceOf(RegistryAwayException.class);
            }
            registry.fail(0, 503);
            try (IngestService ingest = ingest(broker, Duration.ofMinutes(2))) {
                ingest.start();
                awaitAccepted(broker, 120);
            }

            // Then
            assertThat(Topicwise.values(broker.connection(), Topics.ACCEPTED_EXAMPLES))
                    .extracting(example -> example.example().id())
                    .containsExactlyElementsOf(
                            IntStream.range(0, 120).mapToObj(Integer::toString).toList());
            assertThat(Topicwise.records(broker.connection(), Topics.REJECTED_EXAMPLES))
                    .isEmpty();
        }
    }

    private IngestService ingest(EmbeddedBroker broker, Duration patience) {
        SourceConfig source = new SourceConfig(
                TOPIC,
                SourceFormat.AVRO,
                "mood",
                new SourceFields(null, "key", "/text", null, "/text", null),
                null,
                null);
        IngestConfig config = new IngestConfig(
                directory.resolve("streams"),
                Duration.ofHours(1),
                null,
                new RegistryConfig(registry.config().url(), null, patience));
        return new IngestService(broker.connection(), config, List.of(TASK), Map.of("moods", source), metrics);
    }

    private static void send(KafkaProducer<String, byte[]> company, int schema, int first, int end) {
        for (int id = first; id < end; id++) {
            byte[] text = ("text " + id).getBytes(UTF_8);
            byte[] value = Framed.value(schema, new byte[] {(byte) (2 * text.length)}, text);
            var unused = company.send(new ProducerRecord<>(TOPIC, Integer.toString(id), value));
        }
        company.flush();
    }

    private static void awaitAccepted(EmbeddedBroker broker, int count) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(Topicwise.records(broker.connection(), Topics.ACCEPTED_EXAMPLES))
                        .hasSize(count));
    }
}
