package io.millrace.app.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.produce.ProbeTopic.Replacement;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class ProbeTopicIT {

    // A transaction is committed before the ends of its partitions say so: that is why the tests wait for what they
    // read.

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;
    private static KafkaConnection kafka;

    @BeforeAll
    static void start() throws InterruptedException {
        broker = EmbeddedBroker.start(folder, 0);
        kafka = broker.connection();
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.createMissing(kafka, admin);
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldWriteNothingWhenTheSameSetIsLoadedAgain() {
        // Given
        ProbeFile known = new ProbeFile("intent", "known", Distribution.IN_DISTRIBUTION);
        List<ProbeExample> examples = List.of(probe(known, "1", "one"), probe(known, "2", "two"));
        ProbeTopic.replace(kafka, known, examples);

        // When
        Replacement again = ProbeTopic.replace(kafka, known, examples);

        // Then
        assertThat(again).isEqualTo(new Replacement(0, 0, 2));
    }

    @Test
    void shouldRefuseOneMoreSetThanTheEvaluatorScores() {
        // Given
        try (var producer =
                new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), new ByteArraySerializer())) {
            for (int set = 0; set < ProbeExample.MAX_SETS; set++) {
                var unused = producer.send(
                        new ProducerRecord<>("probes", "crowded/set-" + set + "/1", new byte[] {'{', '}'}));
            }
        }
        ProbeFile known = new ProbeFile("crowded", "set-7", Distribution.IN_DISTRIBUTION);
        ProbeFile oneMore = new ProbeFile("crowded", "one-more", Distribution.IN_DISTRIBUTION);

        // When
        Replacement replacement = ProbeTopic.replace(kafka, known, List.of(probe(known, "1", "one")));

        // Then
        assertThat(replacement).isEqualTo(new Replacement(1, 0, 0));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ProbeTopic.replace(kafka, oneMore, List.of(probe(oneMore, "1", "one"))))
                .withMessage("task crowded has 200 other probe sets, and the evaluator scores at most 200 of a task."
                        + " Remove one first: load an empty file as it.");
    }

    @Test
    void shouldMakeTheSetBeWhatTheFileSays() {
        // Given
        ProbeFile typos = new ProbeFile("intent", "typos", Distribution.OUT_OF_DISTRIBUTION);
        ProbeFile other = new ProbeFile("intent", "typos-2", Distribution.OUT_OF_DISTRIBUTION);
        ProbeTopic.replace(kafka, other, List.of(probe(other, "1", "untouched")));
        ProbeTopic.replace(
                kafka, typos, List.of(probe(typos, "1", "kept"), probe(typos, "2", "old"), probe(typos, "3", "gone")));

        // When
        Replacement replacement = ProbeTopic.replace(
                kafka, typos, List.of(probe(typos, "1", "kept"), probe(typos, "2", "new"), probe(typos, "4", "added")));

        // Then
        assertThat(replacement).isEqualTo(new Replacement(2, 1, 1));
        await().untilAsserted(() -> assertThat(texts("intent/typos"))
                .isEqualTo(Map.of(
                        "intent/typos/1", "kept",
                        "intent/typos/2", "new",
                        "intent/typos/4", "added",
                        "intent/typos-2/1", "untouched")));
    }

    @Test
    void shouldReplaceWhatAClientOfAnotherPartitionerHasWritten() throws Exception {
        // Given three probes, each in a partition where Kafka's own clients would not put it
        ProbeFile foreign = new ProbeFile("intent", "foreign", Distribution.OUT_OF_DISTRIBUTION);
        List<ProbeExample> old =
                List.of(probe(foreign, "1", "kept"), probe(foreign, "2", "old"), probe(foreign, "3", "gone"));
        try (var producer = new KafkaProducer<>(
                ProducerSettings.idempotent(kafka), new StringSerializer(), new ByteArraySerializer())) {
            for (ProbeExample example : old) {
                byte[] value = Topics.PROBES.valueSerde().serializer().serialize(Topics.PROBES.name(), example);
                int home = BuiltInPartitioner.partitionForKey(
                        example.key().getBytes(StandardCharsets.UTF_8), Topics.PROBES.partitions());
                int elsewhere = (home + 1) % Topics.PROBES.partitions();
                producer.send(new ProducerRecord<>(Topics.PROBES.name(), elsewhere, example.key(), value))
                        .get();
            }
        }

        // When
        Replacement replacement =
                ProbeTopic.replace(kafka, foreign, List.of(probe(foreign, "1", "kept"), probe(foreign, "2", "new")));

        // Then each partition by itself, as compaction and a restarted reader take it, holds nothing else
        assertThat(replacement).isEqualTo(new Replacement(1, 1, 1));
        await().untilAsserted(
                        () -> assertThat(textsByPartition("intent/foreign/")).containsExactlyInAnyOrder("kept", "new"));
    }

    @Test
    void shouldEndWhatALoadThatWasKilledHasLeftOpen() {
        // Given
        ProbeFile late = new ProbeFile("intent", "late", Distribution.OUT_OF_DISTRIBUTION);
        Map<String, Object> settings = ProducerSettings.idempotent(kafka);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, ProbeTopic.TRANSACTIONS + "intent/late/");
        try (var killed = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            killed.initTransactions();
            killed.beginTransaction();
            var unused = killed.send(new ProducerRecord<>(Topics.PROBES.name(), "intent/late/0", new byte[] {'{'}));
            killed.flush();

            // When
            Replacement replacement = ProbeTopic.replace(kafka, late, List.of(probe(late, "1", "late")));

            // Then
            assertThat(replacement).isEqualTo(new Replacement(1, 0, 0));
            assertThatExceptionOfType(ProducerFencedException.class).isThrownBy(killed::commitTransaction);
            await().untilAsserted(() -> assertThat(texts("intent/late")).isEqualTo(Map.of("intent/late/1", "late")));
        }
    }

    private static ProbeExample probe(ProbeFile set, String id, String text) {
        LabelledExample example = new LabelledExample(id, text, null, "label", null, null, null);
        return new ProbeExample(set.task(), set.probeSet(), set.distribution(), example);
    }

    private static String text(byte[] value) {
        return Topics.PROBES
                .valueSerde()
                .deserializer()
                .deserialize(Topics.PROBES.name(), value)
                .example()
                .text();
    }

    /** What each partition holds, tombstones left out. */
    private static Collection<String> textsByPartition(String keyPrefix) {
        Map<String, String> byPartition = new HashMap<>();
        TopicReader.readAll(kafka, Topics.PROBES, probe -> {
            if (probe.key().startsWith(keyPrefix)) {
                byPartition.put(
                        probe.partition() + " " + probe.key(), probe.value() == null ? "" : text(probe.value()));
            }
        });
        byPartition.values().removeIf(String::isEmpty);
        return byPartition.values();
    }

    private static Map<String, String> texts(String keyPrefix) {
        Map<String, String> texts = new HashMap<>();
        TopicReader.readAll(kafka, Topics.PROBES, probe -> {
            if (probe.value() == null) {
                texts.remove(probe.key());
            } else if (probe.key().startsWith(keyPrefix)) {
                texts.put(probe.key(), text(probe.value()));
            }
        });
        return texts;
    }
}
