package io.millrace.app.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestService;
import io.millrace.ingest.decode.Framed;
import io.millrace.ingest.decode.StubRegistry;
import io.millrace.ingest.source.DelayedLabels;
import io.millrace.ingest.source.SourceConfig;
import io.millrace.ingest.source.SourceFields;
import io.millrace.ingest.source.SourceFormat;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.kafka.Topics;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Topics of a company, with any number of partitions, through ingest while it is stopped and moved to another machine. */
class SourcesIT {

    private static final Task TASK = new Task("mood", TaskKind.SINGLE, List.of("bad", "good"), 500);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TICKETS = "acme.tickets";
    private static final String LABELS = "acme.labels";
    private static final String REVIEWS = "acme.reviews";
    private static final Schema REVIEW = new Schema.Parser()
            .parse(
                    """
            {"type":"record","name":"Review","fields":[
              {"name":"text","type":["null","string"]},{"name":"stars","type":"int"},
              {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}}]}""");

    /** Texts with labels that come later, and reviews in Avro that have their labels with them. */
    private static final Map<String, SourceConfig> SOURCES = Map.of(
            "tickets",
            new SourceConfig(
                    TICKETS,
                    null,
                    "mood",
                    new SourceFields(null, "key", "/body", null, null, null),
                    null,
                    new DelayedLabels(LABELS, null, null, "/mood", null)),
            "reviews",
            new SourceConfig(
                    REVIEWS,
                    SourceFormat.AVRO,
                    null,
                    new SourceFields(null, null, "/text", null, "/stars", "/at"),
                    null,
                    null));

    private static final Task STARS = new Task("stars", TaskKind.REGRESSION, List.of(), 500);

    @TempDir
    private Path directory;

    @AutoClose
    private final StubRegistry registry = new StubRegistry();

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void shouldAcceptEveryExampleOnceThroughAStopAndAMove() throws Exception {
        // Given
        registry.add(7, "AVRO", REVIEW.toString());
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                KafkaProducer<String, byte[]> company = new KafkaProducer<>(
                        broker.connection().clientProperties(), new StringSerializer(), new ByteArraySerializer())) {
            create(broker);
            try (IngestService ingest = ingest(broker, "first")) {
                ingest.start();
                texts(company, 0, 40);
                labels(company, 20, 60);
                reviews(company, 0, 10);
                awaitSettled(ingest, 20 + 20 + 10);
            }

            // When
            labels(company, 0, 20);
            reviews(company, 10, 20);
            try (IngestService ingest = ingest(broker, "second")) {
                ingest.start();
                texts(company, 40, 60);
                var unused = company.send(new ProducerRecord<>(REVIEWS, "stars", Framed.value(8, new byte[] {0})));
                unused = company.send(new ProducerRecord<>(LABELS, "0", "{\"mood\":\"bad\"}".getBytes(UTF_8)));
                awaitSettled(ingest, 60 + 60 + 20 + 2);
            }

            // Then
            List<AcceptedExample> accepted = Topicwise.values(broker.connection(), Topics.ACCEPTED_EXAMPLES);
            assertThat(accepted.stream().map(example -> example.example().id()))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    IntStream.range(0, 60).mapToObj(Integer::toString),
                                    IntStream.range(0, 20).mapToObj(i -> REVIEWS + "-0-" + i))
                            .toList());
            assertThat(accepted)
                    .filteredOn(example -> example.origin().topic().equals(TICKETS))
                    .allSatisfy(example -> {
                        assertThat(example.example().text())
                                .isEqualTo("text " + example.example().id());
                        assertThat(example.example().label()).isEqualTo("good");
                    });
            assertThat(Topicwise.records(broker.connection(), Topics.REJECTED_EXAMPLES))
                    .extracting(record -> Topicwise.header(record, RejectionHeaders.REASON))
                    .containsExactlyInAnyOrder("unknown-schema", "conflicting-id");
        }
    }

    @Test
    void shouldNotStartWithATopicThatIsNotThereNorCreateIt() throws Exception {
        // Given
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                IngestService ingest = ingest(broker, "state")) {
            // When
            assertThatThrownBy(ingest::start)
                    // Then
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("sources.")
                    .hasMessageContaining(" is not there. Ingest does not create topics of others");
            try (Admin admin = Admin.create(broker.connection().clientProperties())) {
                assertThat(admin.listTopics().names().get()).doesNotContain(TICKETS, LABELS, REVIEWS);
            }
        }
    }

    private IngestService ingest(EmbeddedBroker broker, String state) {
        IngestConfig config = new IngestConfig(directory.resolve(state), null, null, registry.config());
        return new IngestService(broker.connection(), config, List.of(TASK, STARS), SOURCES, metrics);
    }

    private static void create(EmbeddedBroker broker) throws Exception {
        try (Admin admin = Admin.create(broker.connection().clientProperties())) {
            admin.createTopics(List.of(
                            new NewTopic(TICKETS, 3, (short) 1),
                            new NewTopic(LABELS, 2, (short) 1),
                            new NewTopic(REVIEWS, 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static void texts(KafkaProducer<String, byte[]> company, int first, int end) {
        for (int id = first; id < end; id++) {
            byte[] text = "{\"body\":\"text %d\"}".formatted(id).getBytes(UTF_8);
            var unused = company.send(new ProducerRecord<>(TICKETS, Integer.toString(id), text));
        }
        company.flush();
    }

    private static void labels(KafkaProducer<String, byte[]> company, int first, int end) {
        for (int id = first; id < end; id++) {
            byte[] label = "{\"mood\":\"good\"}".getBytes(UTF_8);
            var unused = company.send(new ProducerRecord<>(LABELS, Integer.toString(id), label));
        }
        company.flush();
    }

    private static void reviews(KafkaProducer<String, byte[]> company, int first, int end) throws IOException {
        for (int i = first; i < end; i++) {
            GenericData.Record review = new GenericData.Record(REVIEW);
            review.put("text", "review " + i);
            review.put("stars", i % 5);
            review.put("at", 1769860800123L);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            new GenericDatumWriter<>(REVIEW).write(review, encoder);
            encoder.flush();
            var unused = company.send(new ProducerRecord<>(REVIEWS, "stars", Framed.value(7, bytes.toByteArray())));
        }
        company.flush();
    }

    /** Over all services of this test, which share the meters: accepted, rejected, duplicate, and labels that met their text. */
    private void awaitSettled(IngestService ingest, int records) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(ingest.terminated()).isNotDone();
            assertThat(Stream.of("accepted", "rejected", "duplicate", "joined")
                            .flatMap(name -> metrics.find("millrace.ingest." + name).counters().stream())
                            .mapToDouble(counter -> counter.count())
                            .sum())
                    .isEqualTo(records);
        });
    }
}
