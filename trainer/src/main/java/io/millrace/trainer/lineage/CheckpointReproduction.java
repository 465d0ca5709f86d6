package io.millrace.trainer.lineage;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.trainer.batch.PolledRecord;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.drift.DriftFile;
import io.millrace.trainer.learner.LabelVocabulary;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.learner.OffsetExamples;
import io.millrace.trainer.learner.StepResult;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reproduces a checkpoint: from its parent, with the mini-batches that its manifest lists and the records that the topics still hold.
 * On one type of machine the files are the same, byte for byte.
 */
public final class CheckpointReproduction {

    private final TrainedTask task;
    private final KafkaConnection kafka;
    private final Path directory;
    private final CheckpointManifest manifest;

    /**
     * The recorded and the reproduced files.
     *
     * @param recorded hashes of the files by name, from the manifest
     * @param made hashes of the reproduced files
     * @param faults differences other than those of the files
     */
    public record Result(Map<String, FileHash> recorded, Map<String, FileHash> made, List<String> faults) {

        /** Whether there is no fault and every file is the same. */
        public boolean isSame() {
            return faults.isEmpty() && recorded.equals(made);
        }
    }

    /**
     * Reads a checkpoint and checks its files against its manifest.
     *
     * @param directory the checkpoint's directory, beside that of its parent
     */
    public CheckpointReproduction(TrainedTask task, KafkaConnection kafka, Path directory) {
        this.kafka = kafka;
        this.directory = directory;
        manifest = CheckpointManifest.readVerified(directory);
        String configured = task.training().sha256(task.task());
        if (!configured.equals(manifest.lineage().configSha256())) {
            throw new IllegalArgumentException(directory + " was trained with another configuration: its hash is "
                    + manifest.lineage().configSha256() + ", that of tasks."
                    + task.task().name() + " is " + configured + ". Give the configuration of that time.");
        }
        if (DriftFile.hasOtherSettings(directory, task)) {
            throw new IllegalArgumentException(directory + " was watched for drift with another tasks."
                    + task.task().name() + ".training.drift, which decides " + DriftFile.NAME
                    + ". Give the configuration of that time.");
        }
        Integer shards = manifest.lineage().shards();
        this.task = task.withShards(shards == null ? 1 : shards);
    }

    /**
     * Trains the checkpoint again.
     *
     * @param scratch an empty directory for the files
     */
    public Result run(Path scratch) throws IOException {
        List<String> faults = new ArrayList<>();
        Path files = Files.createDirectories(scratch.resolve("made"));
        try (Learner learner = parent()) {
            learner.adjust(manifest.lineage().trainedUnder());
            LabelVocabulary labels = new LabelVocabulary(task.task(), learner.labels());
            List<PolledRecord> examples =
                    read(Topics.ACCEPTED_EXAMPLES, manifest.lineage().offsets());
            List<PolledRecord> texts = read(Topics.TEXTS, manifest.lineage().texts());
            long beginning =
                    beginning(Topics.ACCEPTED_EXAMPLES, manifest.lineage().offsets());
            for (MiniBatchRange range : manifest.lineage().miniBatches()) {
                OffsetExamples held = examples(range, examples, labels);
                requireStillThere(range, held.examples().size(), beginning);
                repeat(learner, range, held, texts(range, texts), faults);
            }
            if (learner.step() != manifest.step()) {
                faults.add("the step must be " + manifest.step() + ", got " + learner.step());
            }
            // One level down: weights that stay as they are lie beside a checkpoint.
            learner.save(files);
        }
        Map<String, FileHash> made = new TreeMap<>();
        for (String name : manifest.files().keySet()) {
            Path file = files.resolve(name);
            if (Files.isRegularFile(file)) {
                made.put(name, FileHash.of(file));
            }
        }
        OffsetRange read = manifest.lineage().texts();
        if (read != null && !manifest.files().equals(made) && beginning(Topics.TEXTS, read) > read.first()) {
            faults.add("the topic texts begins at offset " + beginning(Topics.TEXTS, read) + " now: texts from offset "
                    + read.first() + " on may have been removed by retention. Verify a newer checkpoint");
        }
        return new Result(manifest.files(), made, faults);
    }

    private Learner parent() {
        String parent = manifest.lineage().parent();
        if (parent == null) {
            return Learner.start(task);
        }
        Path parentDirectory = directory.resolveSibling(parent);
        if (!Files.isDirectory(parentDirectory)) {
            throw new IllegalArgumentException(directory + " cannot be reproduced: its parent " + parent
                    + " is not in the store any more. Verify a newer checkpoint, or keep more of them with"
                    + " training.checkpoints.keep.");
        }
        return Learner.resume(
                task,
                parentDirectory,
                CheckpointManifest.readVerified(parentDirectory).step());
    }

    private List<PolledRecord> read(Topic<?> topic, @Nullable OffsetRange range) {
        return range == null ? List.of() : TopicRange.read(kafka, topic, range, manifest.task());
    }

    private long beginning(Topic<?> topic, @Nullable OffsetRange range) {
        return range == null ? 0 : TopicRange.beginning(kafka, topic, range.partition());
    }

    /** A range may begin before the topic does, if only markers and records of other tasks were there. */
    private void requireStillThere(MiniBatchRange range, int held, long beginning) {
        if (range.outcome() != Outcome.UNDONE && held < range.examples() && range.first() < beginning) {
            throw new IllegalArgumentException("partition "
                    + manifest.lineage().offsets().partition() + " of accepted-examples begins at offset " + beginning
                    + " now, and of the " + range.examples() + " examples of " + named(range) + " it still holds "
                    + held
                    + ": the others were removed by retention. Verify a newer checkpoint.");
        }
    }

    private static String named(MiniBatchRange range) {
        return "mini-batch [" + range.first() + ", " + range.next() + ")";
    }

    private OffsetExamples examples(MiniBatchRange range, List<PolledRecord> records, LabelVocabulary labels) {
        List<Long> offsets = new ArrayList<>();
        List<LabelledExample> examples = new ArrayList<>();
        for (PolledRecord record : records) {
            if (range.first() <= record.offset() && record.offset() < range.next()) {
                record.example(task.task().kind())
                        .filter(example -> labels.admits(example.label()))
                        .ifPresent(example -> {
                            offsets.add(record.offset());
                            examples.add(example);
                        });
            }
        }
        return new OffsetExamples(manifest.lineage().offsets().partition(), offsets, examples);
    }

    private static List<UnlabelledText> texts(MiniBatchRange range, List<PolledRecord> records) {
        if (range.texts() == null) {
            return List.of();
        }
        return records.stream()
                .filter(record -> range.texts().first() <= record.offset()
                        && record.offset() < range.texts().next())
                .flatMap(record -> record.text().stream())
                .toList();
    }

    private static void repeat(
            Learner learner,
            MiniBatchRange range,
            OffsetExamples held,
            List<UnlabelledText> texts,
            List<String> faults) {
        if (range.outcome() == Outcome.UNDONE) {
            return;
        }
        String name = named(range);
        List<LabelledExample> examples = held.examples();
        if (examples.size() != range.examples()) {
            faults.add(name + " must hold " + range.examples() + " examples, the topic has " + examples.size());
        }
        if (examples.isEmpty()) {
            return;
        }
        StepResult result = learner.learn(examples, texts);
        learner.watch(held, result.batch());
        boolean applied = result.applied();
        if (applied == (range.outcome() == Outcome.QUARANTINED)) {
            faults.add(name + " was " + (applied ? "quarantined" : "trained") + " then, and "
                    + (applied ? "trained" : "quarantined") + " now");
        }
    }
}
