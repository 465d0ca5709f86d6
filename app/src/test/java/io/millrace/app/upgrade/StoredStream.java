package io.millrace.app.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import io.millrace.app.contract.Topicwise;
import io.millrace.ingest.file.ByteLines;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A stream in a folder: the configuration, every committed record, what the groups had consumed, and the store with its encoder. It comes
 * back with the same offsets, because the announcements name them.
 */
final class StoredStream {

    static final String CONFIG = "millrace.yaml";
    static final String STORE = "store";
    static final String ENCODER = "encoder";

    /** The groups whose committed offsets belong to the stream. That of ingest names topics that are not recorded. */
    private static final List<String> GROUPS = List.of("millrace-trainer", "millrace-evaluator");

    private static final String RECORDS = "records.jsonl.gz";
    private static final String COMMITTED = "committed-offsets.json";
    private static final String FILES = "files.zip";
    private static final Comparator<StoredRecord> BY_PLACE = Comparator.comparing(StoredRecord::topic)
            .thenComparing(StoredRecord::partition)
            .thenComparing(StoredRecord::offset);

    private final Path folder;

    /** A stream of {@code folder}. */
    StoredStream(Path folder) {
        this.folder = folder;
    }

    /** The stream that a version wrote. */
    static StoredStream of(String version) {
        return new StoredStream(folder(version));
    }

    static Path folder(String version) {
        return Path.of(System.getProperty("millrace.root"), "app/src/test/resources/upgrade", version);
    }

    private record Committed(String group, String topic, int partition, long nextOffset) {}

    /** Stores a stream whose services have stopped. */
    void write(KafkaConnection kafka, Path work) throws Exception {
        Files.copy(work.resolve(CONFIG), folder.resolve(CONFIG));
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(RECORDS)));
                BufferedWriter lines = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
            for (StoredRecord record : records(kafka)) {
                lines.write(Json.write(record) + "\n");
            }
        }
        Files.writeString(folder.resolve(COMMITTED), Json.write(committed(kafka)) + "\n");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(folder.resolve(FILES)))) {
            for (Path file : files(work)) {
                zip.putNextEntry(new ZipEntry(work.relativize(file).toString()));
                Files.copy(file, zip);
            }
        }
    }

    private static List<StoredRecord> records(KafkaConnection kafka) {
        List<StoredRecord> records = new ArrayList<>();
        for (Topic<?> topic : Topics.ALL) {
            Topicwise.records(kafka, topic).forEach(record -> records.add(StoredRecord.of(record)));
        }
        records.sort(BY_PLACE);
        return records;
    }

    private static List<Committed> committed(KafkaConnection kafka) throws Exception {
        List<Committed> committed = new ArrayList<>();
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            for (String group : GROUPS) {
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                        .map(entry -> new Committed(
                                group,
                                entry.getKey().topic(),
                                entry.getKey().partition(),
                                entry.getValue().offset()))
                        .sorted(Comparator.comparing(Committed::partition))
                        .forEach(committed::add);
            }
        }
        return committed;
    }

    private static List<Path> files(Path work) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String part : List.of(ENCODER, STORE)) {
            try (Stream<Path> below = Files.walk(work.resolve(part))) {
                below.filter(Files::isRegularFile).sorted().forEach(found::add);
            }
        }
        return found;
    }

    /** Puts the configuration and the files into a directory; returns the configuration's path. */
    Path unpack(Path work) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(folder.resolve(FILES)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = work.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
        return Files.copy(folder.resolve(CONFIG), work.resolve(CONFIG));
    }

    /**
     * Puts the records onto an empty broker, each at its offset, and the groups where they were. The records become as much younger as
     * the stream is old, so that retention does not remove them.
     */
    void replay(KafkaConnection kafka) throws Exception {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.createMissing(kafka, admin);
            send(kafka, read());
            Map<String, Map<TopicPartition, OffsetAndMetadata>> groups = new HashMap<>();
            for (Committed one : Json.mapper()
                    .readValue(folder.resolve(COMMITTED).toFile(), new TypeReference<List<Committed>>() {})) {
                groups.computeIfAbsent(one.group(), group -> new HashMap<>())
                        .put(new TopicPartition(one.topic(), one.partition()), new OffsetAndMetadata(one.nextOffset()));
            }
            for (String group : groups.keySet()) {
                admin.alterConsumerGroupOffsets(group, groups.get(group)).all().get();
            }
        }
    }

    private List<StoredRecord> read() throws IOException {
        List<StoredRecord> records = new ArrayList<>();
        try (InputStream in = Files.newInputStream(folder.resolve(RECORDS));
                ByteLines lines = ByteLines.of(RECORDS, in)) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                records.add(Json.mapper().readValue(line, StoredRecord.class));
            }
        }
        return records;
    }

    /**
     * Sends the records in transactions. The end of a transaction takes one offset of each partition, as it did when the stream was
     * recorded: so a partition's first run of offsets belongs to the first transaction, its second to the second.
     */
    private static void send(KafkaConnection kafka, List<StoredRecord> records) throws Exception {
        long newest =
                records.stream().mapToLong(StoredRecord::timestampMs).max().orElseThrow();
        long laterMs = System.currentTimeMillis() - newest;
        Map<String, Object> settings = new HashMap<>(kafka.clientProperties());
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "stored-stream");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            for (List<StoredRecord> transaction : transactions(records)) {
                producer.beginTransaction();
                List<Future<RecordMetadata>> sent = transaction.stream()
                        .map(record -> producer.send(record.sent(laterMs)))
                        .toList();
                producer.commitTransaction();
                for (int i = 0; i < sent.size(); i++) {
                    StoredRecord record = transaction.get(i);
                    assertThat(sent.get(i).get().offset()).as(record.toString()).isEqualTo(record.offset());
                }
            }
        }
        // Readers see the last transaction when the broker lets another producer of its id begin.
        try (KafkaProducer<String, byte[]> next =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            next.initTransactions();
        }
    }

    private static Collection<List<StoredRecord>> transactions(List<StoredRecord> records) {
        Map<Integer, List<StoredRecord>> transactions = new TreeMap<>();
        StoredRecord last = null;
        int run = 0;
        for (StoredRecord record : records) {
            boolean samePartition =
                    last != null && last.topic().equals(record.topic()) && last.partition() == record.partition();
            if (!samePartition) {
                run = 0;
            } else if (last.offset() + 1 != record.offset()) {
                run++;
            }
            transactions.computeIfAbsent(run, number -> new ArrayList<>()).add(record);
            last = record;
        }
        return transactions.values();
    }
}
