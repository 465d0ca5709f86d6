package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.config.OutputHead;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Reads the weights of a checkpoint into native memory, and gives it the heads that it lacks. */
final class WeightLoader {

    private final EncoderConfig config;
    private final WeightFiles files;
    private final StoredTensors tensors;
    private final NDManager owner;
    private final WeightInitializer drawn;
    private final Optional<StoredAdapter> merged;
    private final Map<String, NDArray> slots = new LinkedHashMap<>();
    private final Set<String> constants = new HashSet<>();
    private final List<String> fresh = new ArrayList<>();

    /**
     * A loader of one checkpoint.
     *
     * @param tensors the files' header
     * @param owner takes the arrays
     * @param random source of a fresh head's weights
     * @param merged the adapter that the matrices get merged with; empty if none
     */
    WeightLoader(
            EncoderConfig config,
            WeightFiles files,
            StoredTensors tensors,
            NDManager owner,
            RandomGenerator random,
            Optional<StoredAdapter> merged) {
        this.config = config;
        this.files = files;
        this.tensors = tensors;
        this.owner = owner;
        this.merged = merged;
        this.drawn = new WeightInitializer(owner, random, config.shape().initializerRange());
    }

    /** Loads every weight that the kernels read. */
    Weights load(HeadStart head) throws IOException {
        stored(Slots.body(config));
        head(head);
        List<Slot> tokenHead = Slots.tokenHead(config);
        storedOrFresh(tokenHead);
        return new Weights(
                owner,
                slots,
                constants,
                Set.copyOf(Slots.names(tokenHead)),
                Set.copyOf(Slots.names(Slots.sharedHead(config))));
    }

    /** Names of the weights that the file lacks and that were drawn or set to zero instead. */
    List<String> fresh() {
        return fresh;
    }

    private void stored(List<Slot> read) throws IOException {
        for (Slot slot : read) {
            if (slot.role() == Slot.Role.ABSENT) {
                absent(slot);
            } else {
                slots.put(
                        slot.name(),
                        merged.isPresent()
                                ? merged.get().merged(owner, files, slot)
                                : files.array(owner, tensors.stored(slot)));
            }
        }
    }

    private void absent(Slot slot) {
        constants.add(slot.name());
        slots.put(slot.name(), drawn.slot(slot));
    }

    private void storedOrFresh(List<Slot> read) throws IOException {
        if (tensors.hold(Slots.names(read))) {
            stored(read);
        } else {
            fresh(read);
        }
    }

    private void fresh(List<Slot> lacking) {
        fresh.addAll(Slots.names(lacking));
        for (Slot slot : lacking) {
            if (slot.role() == Slot.Role.ABSENT) {
                absent(slot);
            } else {
                slots.put(slot.name(), drawn.slot(slot));
            }
        }
    }

    private void head(HeadStart start) throws IOException {
        OutputHead head = start.head();
        List<Slot> scores = Slots.headScores(config, head.outputs());
        if (head.kind() == OutputHead.Kind.NONE) {
            if (config.architecture().names().sharesHead()) {
                storedOrFresh(Slots.headDense(config));
            } else {
                Slots.headDense(config).forEach(slot -> absent(slot.absent()));
            }
            scores.forEach(slot -> absent(slot.absent()));
            return;
        }
        storedOrFresh(Slots.headDense(config));
        if (start.rows().isEmpty()) {
            fresh(scores);
        } else if (start.isWhole(tensors.rows(scores.get(0).name()))) {
            stored(scores);
        } else {
            rows(scores, start);
        }
    }

    /** The class scores: the rows that are copied from the checkpoint, and drawn ones for the rest. */
    private void rows(List<Slot> scores, HeadStart start) throws IOException {
        int outputs = start.head().outputs();
        for (Slot slot : Slots.headScores(config, tensors.rows(scores.get(0).name()))) {
            String stored = tensors.stored(slot);
            slots.put(
                    slot.name(),
                    drawn.withRows(outputs, files.floats(stored).asFloatBuffer(), slot.shape(), start.rows()));
        }
    }
}
