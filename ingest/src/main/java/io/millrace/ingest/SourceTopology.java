package io.millrace.ingest;

import io.millrace.ingest.SourceReader.Topical;
import io.millrace.ingest.decode.SchemaRegistry;
import io.millrace.ingest.source.DelayedLabels;
import io.millrace.ingest.source.RecordMapping;
import io.millrace.ingest.source.SourceConfig;
import io.millrace.schemas.kafka.JsonSerde;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The path of the records of sources until they are candidates like those of {@code examples}: read and mapped, and, where
 * labels come later, sent to the partition of their id and joined.
 */
final class SourceTopology {

    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    private final StreamsBuilder builder;
    private final Sources sources;
    private final ExampleValidator validator;
    private final IngestMetrics metrics;
    private final Map<String, KStream<byte[], byte[]>> topics = new HashMap<>();

    /**
     * The sources and what they need.
     *
     * @param configs by name
     * @param registry where schemas are
     */
    record Sources(Map<String, SourceConfig> configs, SchemaRegistry registry) {

        /** The windows of those with labels that come later. */
        Map<String, Duration> windows() {
            Map<String, Duration> windows = new LinkedHashMap<>();
            configs.forEach((name, source) -> {
                DelayedLabels labels = source.labels();
                if (labels != null) {
                    windows.put(name, labels.window());
                }
            });
            return windows;
        }
    }

    SourceTopology(StreamsBuilder builder, Sources sources, ExampleValidator validator, IngestMetrics metrics) {
        this.builder = builder;
        this.sources = sources;
        this.validator = validator;
        this.metrics = metrics;
    }

    /** The records of all topics of all sources after the first step; empty if there are no sources. */
    Optional<KStream<byte[], SourceRecord>> read() {
        KStream<byte[], SourceRecord> all = null;
        for (Map.Entry<String, SourceConfig> source : sources.configs().entrySet()) {
            String name = source.getKey();
            SourceConfig config = source.getValue();
            DelayedLabels labels = config.labels();
            KStream<byte[], SourceRecord> texts = read(
                    config.topic(),
                    new Topical(name, Optional.ofNullable(labels).map(any -> Half.Side.TEXT)),
                    () -> RecordMapping.ofTexts(config, sources.registry()));
            all = all == null ? texts : all.merge(texts);
            if (labels != null) {
                all = all.merge(read(
                        labels.topic(),
                        new Topical(name, Optional.of(Half.Side.LABEL)),
                        () -> RecordMapping.ofLabels(config, labels, sources.registry())));
            }
        }
        return Optional.ofNullable(all);
    }

    private KStream<byte[], SourceRecord> read(String topic, Topical topical, Supplier<RecordMapping> mapping) {
        ProcessorSupplier<byte[], byte[], byte[], SourceRecord> reader =
                () -> new SourceReader(topical, mapping.get(), validator, metrics);
        // Kafka Streams takes a topic once, however many sources map it.
        return topics.computeIfAbsent(topic, this::stream)
                .process(
                        reader,
                        Named.as("map-" + topical.source()
                                + topical.halves()
                                        .map(side -> "-" + side.words())
                                        .orElse("")));
    }

    private KStream<byte[], byte[]> stream(String topic) {
        return builder.stream(
                topic,
                Consumed.with(BYTES, BYTES)
                        .withTimestampExtractor((record, partitionTime) -> Math.max(0, record.timestamp())));
    }

    /** Of the records of sources those that are examples or rejected. */
    static KStream<byte[], Candidate> whole(KStream<byte[], SourceRecord> read) {
        return read.filter((task, record) -> record.candidate() != null, Named.as("whole-examples"))
                .mapValues(SourceRecord::wholeCandidate, Named.as("mapped"));
    }

    /** The halves of examples, joined to candidates. */
    KStream<byte[], Candidate> join(KStream<byte[], SourceRecord> read, InternalTopic byId, int maxRecordBytes) {
        builder.addStateStore(WaitingHalves.store(maxRecordBytes));
        Map<String, Duration> windows = sources.windows();
        return read.filter((task, record) -> record.half() != null, Named.as("halves"))
                .process(HalfRoute::new, Named.as("send-to-id"))
                .repartition(Repartitioned.with(Serdes.String(), new JsonSerde<>(Half.class))
                        .withName(InternalTopic.HALVES_BY_ID)
                        .withNumberOfPartitions(byId.partitions()))
                .process(
                        () -> new LabelJoin(windows, validator, metrics), Named.as("join-labels"), WaitingHalves.STORE);
    }
}
