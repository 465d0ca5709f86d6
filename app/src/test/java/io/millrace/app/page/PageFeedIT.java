package io.millrace.app.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.page.view.PageEvents;
import io.millrace.app.page.view.PageState;
import io.millrace.app.page.view.PageView;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Reads the topics of a real broker as a process does. */
class PageFeedIT {

    @TempDir
    private Path folder;

    private final PageView view =
            new PageView("evaluator", List.of(PageEvents.task(PageEvents.TASK)), new SimpleMeterRegistry());

    @Test
    void shouldFoldWhatIsThereAndWhatComesLater() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            // Given
            KafkaConnection kafka = broker.connection().withPrefix("ours-");
            try (Admin admin = Admin.create(kafka.clientProperties())) {
                Topics.createMissing(kafka, admin);
            }
            try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                            kafka.clientProperties(), new StringSerializer(), new ByteArraySerializer());
                    PageFeed feed = new PageFeed(kafka, view)) {
                send(producer, kafka, Topics.CHECKPOINTS, PageEvents.announcement(10, null));
                send(producer, kafka, Topics.EVALUATIONS, PageEvents.evaluation(10, 0.7, 0.5));
                send(producer, kafka, Topics.MODEL_UPDATES, PageEvents.update(Verdict.PROMOTED, 10, "the first"));
                producer.send(new ProducerRecord<>(
                                kafka.named(Topics.DRIFT.name()),
                                PageEvents.TASK,
                                "no drift".getBytes(StandardCharsets.UTF_8)))
                        .get();
                ProducerRecord<String, byte[]> rejected = new ProducerRecord<>(
                        kafka.named(Topics.REJECTED_EXAMPLES.name()), PageEvents.TASK, new byte[] {1});
                rejected.headers().add(RejectionHeaders.REASON, "invalid-json".getBytes(StandardCharsets.UTF_8));
                producer.send(rejected).get();

                // When
                feed.start();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> shown().models().champion() != null
                                && !shown().rejected().isEmpty()
                                && !state().notes().isEmpty());
                send(
                        producer,
                        kafka,
                        Topics.DRIFT,
                        PageEvents.drift(DriftPhase.STARTED, "vocabulary", 12, "e", List.of("flight")));
                send(producer, kafka, Topics.CHECKPOINTS, PageEvents.announcement(20, 10L));

                // Then
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(shown().drift()).hasSize(1));
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(
                                () -> assertThat(shown().models().checkpoints()).hasSize(2));
            }
            assertThat(shown().models().lineage()).hasSize(1);
            assertThat(shown().rejected().get(0).reason()).isEqualTo("invalid-json");
            assertThat(state().notes())
                    .singleElement()
                    .asString()
                    .startsWith("Records that could not be read, and are not shown: 1; the newest: ours-drift ");
        }
    }

    private PageState state() {
        return view.state(view.task("").orElseThrow());
    }

    private PageState.Task shown() {
        return state().task();
    }

    private static <V> void send(KafkaProducer<String, byte[]> producer, KafkaConnection kafka, Topic<V> topic, V value)
            throws Exception {
        String name = kafka.named(topic.name());
        producer.send(new ProducerRecord<>(
                        name, PageEvents.TASK, topic.valueSerde().serializer().serialize(name, value)))
                .get();
    }
}
