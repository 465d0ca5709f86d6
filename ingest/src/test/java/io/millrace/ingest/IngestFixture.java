package io.millrace.ingest;

import static io.millrace.ingest.Tasks.bytes;
import static io.millrace.ingest.Tasks.example;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingest.SourceTopology.Sources;
import io.millrace.ingest.TopicPreparation.ForLabels;
import io.millrace.ingest.decode.RegistryConfig;
import io.millrace.ingest.decode.SchemaRegistry;
import io.millrace.ingest.seen.SeenExamples;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.store.DirectoryTree;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The topology of ingest with its real settings, fed and read without a broker. Keep it in a field with {@code @AutoClose}. */
final class IngestFixture implements AutoCloseable {

    /** What this machine's clock says until {@link #advanceClock}. */
    static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    static final Duration WINDOW = Duration.ofHours(24);
    private static final Sources NO_SOURCES = new Sources(Map.of(), SchemaRegistry.of(RegistryConfig.none()));

    static final OutputLimits LIMITS = new OutputLimits(1 << 20, 16 << 20);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Path stateDir;
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> examples;
    private final TestInputTopic<byte[], byte[]> probes;
    private final TestOutputTopic<String, AcceptedExample> accepted;
    private final TestOutputTopic<byte[], byte[]> rejected;

    IngestFixture() {
        this(NO_SOURCES);
    }

    /** In which no example is in the partition of its task, if the task is "intent". */
    static IngestFixture ofStrays() {
        int partitions = IntStream.iterate(2, number -> number + 1)
                .filter(number -> Utils.toPositive(Utils.murmur2(bytes("intent"))) % number != 0)
                .findFirst()
                .getAsInt();
        return new IngestFixture(NO_SOURCES, partitions);
    }

    /** With topics of others. */
    IngestFixture(Sources sources) {
        this(sources, 1);
    }

    private IngestFixture(Sources sources, int partitions) {
        try {
            stateDir = Files.createTempDirectory("millrace-ingest-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a state directory", e);
        }
        IngestConfig config = new IngestConfig(stateDir, WINDOW, Rejectable.MAX_RECORD_BYTES);
        IngestMetrics metrics = new IngestMetrics(registry, Tasks.registry());
        driver = new TopologyTestDriver(
                IngestTopology.build(
                        Tasks.KAFKA, config, Tasks.registry(), topics(sources, partitions), sources, metrics),
                StreamsSettings.of(Tasks.KAFKA, config, LIMITS),
                NOW);
        examples = input(Topics.EXAMPLES.name());
        probes = input(Topics.PROBES.name());
        accepted = driver.createOutputTopic(
                Topics.ACCEPTED_EXAMPLES.name(),
                Topics.ACCEPTED_EXAMPLES.keySerde().deserializer(),
                Topics.ACCEPTED_EXAMPLES.valueSerde().deserializer());
        rejected = driver.createOutputTopic(
                Topics.REJECTED_EXAMPLES.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static TopicPreparation topics(Sources sources, int partitions) {
        InternalTopic byTask = new InternalTopic(SeenExamples.STORE, partitions, Set.of());
        ForLabels forLabels = new ForLabels(new InternalTopic(WaitingHalves.STORE, 4, Set.of()), byTask);
        return new TopicPreparation(
                LIMITS, byTask, sources.windows().isEmpty() ? Optional.empty() : Optional.of(forLabels));
    }

    /** A record on any topic; key and value may be null. */
    void sendTo(String topic, Instant timestamp, byte[] key, byte[] value) {
        input(topic).pipeInput(key, value, timestamp);
    }

    /** An example for the task "intent", timestamped with the start of the test. */
    void sendExample(String id, String text, String label) {
        sendExample(id, text, label, NOW);
    }

    void sendExample(String id, String text, String label, Instant timestamp) {
        sendAt(timestamp, new TestRecord<>(bytes("intent"), bytes(Json.write(example(id, text, label)))));
    }

    void send(byte[] key, byte[] value) {
        sendAt(NOW, new TestRecord<>(key, value));
    }

    void sendAt(Instant timestamp, TestRecord<byte[], byte[]> record) {
        examples.pipeInput(
                new TestRecord<>(record.getKey(), record.getValue(), record.getHeaders(), timestamp.toEpochMilli()));
    }

    /** A probe of the set "typos". */
    void sendProbe(String task, String id, String text, String textPair) {
        sendProbe(task, "typos", new LabelledExample(id, text, textPair, "translate", null, null, null));
    }

    void sendProbe(String task, String probeSet, LabelledExample example) {
        ProbeExample probe = new ProbeExample(task, probeSet, Distribution.OUT_OF_DISTRIBUTION, example);
        sendProbeBytes(probe.key(), bytes(Json.write(probe)));
    }

    void sendProbeBytes(String key, byte[] value) {
        probes.pipeInput(bytes(key), value);
    }

    void advanceClock(Duration duration) {
        driver.advanceWallClockTime(duration);
    }

    List<TestRecord<String, AcceptedExample>> accepted() {
        return accepted.readRecordsToList();
    }

    List<TestRecord<byte[], byte[]>> rejected() {
        return rejected.readRecordsToList();
    }

    List<String> acceptedIds() {
        return accepted().stream().map(record -> record.value().example().id()).toList();
    }

    List<String> reasons() {
        return rejected().stream()
                .map(record -> header(record, RejectionHeaders.REASON))
                .toList();
    }

    static String header(TestRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** The value of a gauge with these tags. */
    int gauge(String meter, String... tags) {
        return (int) registry.get(meter).tags(tags).gauge().value();
    }

    /** The sum over all counters with this name and these tags. */
    long count(String meter, String... tags) {
        return (long) registry.find(meter).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    int meters() {
        return registry.getMeters().size();
    }

    int probeCount() {
        return (int) registry.get(IngestMetrics.PROBES).gauge().value();
    }

    @Override
    public void close() throws IOException {
        driver.close();
        DirectoryTree.delete(stateDir);
    }

    private TestInputTopic<byte[], byte[]> input(String topic) {
        return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
