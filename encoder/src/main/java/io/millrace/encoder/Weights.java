package io.millrace.encoder;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.Workers;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** The 32-bit weights of one model by their Hugging Face names. Owns their native memory. */
public final class Weights implements AutoCloseable {

    private final NDManager owner;
    private final Map<String, NDArray> slots;
    private final Set<String> constants;
    private final Set<String> tokenHead;
    private final Set<String> sharedHead;
    private final Set<String> frozen;
    private final PreparedOnce preparedOnce;
    private final int adapterSlots;

    /**
     * Takes over {@code owner} and the arrays.
     *
     * @param slots the inputs of the kernels, in their order, by name
     * @param constants names of those slots that the model lacks: zeros that are neither trained nor written
     * @param tokenHead names of the masked-token head's weights
     * @param sharedHead names of those that it shares with the classification head
     */
    Weights(
            NDManager owner,
            Map<String, NDArray> slots,
            Set<String> constants,
            Set<String> tokenHead,
            Set<String> sharedHead) {
        this(owner, slots, constants, tokenHead, sharedHead, Set.of(), new PreparedOnce(owner), 0);
    }

    private Weights(
            NDManager owner,
            Map<String, NDArray> slots,
            Set<String> constants,
            Set<String> tokenHead,
            Set<String> sharedHead,
            Set<String> frozen,
            PreparedOnce preparedOnce,
            int adapterSlots) {
        this.owner = owner;
        this.slots = new LinkedHashMap<>(slots);
        this.constants = constants;
        this.tokenHead = tokenHead;
        this.sharedHead = sharedHead;
        this.frozen = Set.copyOf(frozen);
        this.preparedOnce = preparedOnce;
        this.adapterSlots = adapterSlots;
    }

    /**
     * The same weights with matrices of adapters, of which some stay as they are from now on. These keep their memory, and this object must no
     * longer be used.
     *
     * @param adapters further inputs of the kernels, by name; those of no size are placeholders
     * @param stay whether a weight stays as it is, by its name
     */
    Weights adapted(Map<String, NDArray> adapters, Predicate<String> stay) {
        Map<String, NDArray> all = new LinkedHashMap<>(slots);
        all.putAll(adapters);
        Set<String> absent = new HashSet<>(constants);
        adapters.forEach((name, array) -> {
            if (array.size() == 0) {
                absent.add(name);
            }
        });
        Set<String> fixed = all.keySet().stream()
                .filter(name -> !absent.contains(name) && stay.test(name))
                .collect(Collectors.toSet());
        return new Weights(owner, all, Set.copyOf(absent), tokenHead, sharedHead, fixed, preparedOnce, adapters.size());
    }

    /** The same weights, of which the masked-token head alone is trained from now on. This object must no longer be used. */
    public Weights withTrainedTokenHeadAlone() {
        return adapted(Map.of(), name -> !tokenHead.contains(name) && !sharedHead.contains(name));
    }

    /** A deep copy of what is trained, with memory of its own; it shares what stays as it is, and must not outlive it. */
    public Weights copy(Workers workers) {
        NDManager copyOwner = owner.getParentManager().newSubManager();
        Map<String, NDArray> moving = new LinkedHashMap<>(slots);
        moving.keySet().removeAll(frozen);
        Map<String, NDArray> copies = new LinkedHashMap<>(slots);
        copies.putAll(Copies.of(moving, copyOwner, workers));
        return new Weights(copyOwner, copies, constants, tokenHead, sharedHead, frozen, preparedOnce, adapterSlots);
    }

    /** The weights of a checkpoint by name, in a fixed order. */
    public Map<String, NDArray> byName() {
        Map<String, NDArray> written = new LinkedHashMap<>(slots);
        written.keySet().removeAll(constants);
        return written;
    }

    /** The weights that do not stay as they are, by name, in a fixed order. */
    public Map<String, NDArray> moving() {
        Map<String, NDArray> moving = byName();
        moving.keySet().removeAll(frozen);
        return moving;
    }

    /** The weights that stay as they are, by name, in a fixed order. */
    public Map<String, NDArray> frozen() {
        Map<String, NDArray> staying = byName();
        staying.keySet().retainAll(frozen);
        return staying;
    }

    /**
     * The weights that an objective trains, by name, in a fixed order.
     *
     * @param withTokenHead whether it reads the masked-token head
     */
    public Map<String, NDArray> trainable(boolean withTokenHead) {
        Map<String, NDArray> trained = moving();
        if (!withTokenHead) {
            trained.keySet().removeAll(tokenHead);
        }
        return trained;
    }

    /** The weights of the masked-token head alone, by name; its decoder is the word embedding and not among them. */
    public Map<String, NDArray> ofTokenHead() {
        Map<String, NDArray> head = new LinkedHashMap<>(slots);
        head.keySet().removeIf(name -> !tokenHead.contains(name) && !sharedHead.contains(name));
        head.keySet().removeAll(constants);
        return head;
    }

    /**
     * Brings a masked-token head that was just drawn near a useful one: its dense layer becomes the identity plus what was drawn, the bias
     * of its decoder {@code logFrequencies}. Without any training it then answers with the frequent tokens.
     *
     * @param logFrequencies one per token id
     */
    public void warmTokenHead(float[] logFrequencies) {
        List<NDArray> head = List.copyOf(ofTokenHead().values());
        try (GradMode off = GradMode.off();
                NDManager scope = owner.newSubManager()) {
            NDArray dense = head.get(0);
            dense.addi(scope.eye((int) dense.getShape().get(0)));
            head.get(head.size() - 1).addi(scope.create(logFrequencies));
        }
    }

    /** Takes over the values of a file that holds some of the weights that are trained, under their names and in their shapes. */
    public void restore(Path file) throws IOException {
        try (SafetensorsFile stored = SafetensorsFile.open(file)) {
            for (Map.Entry<String, NDArray> weight : moving().entrySet()) {
                if (stored.entries().containsKey(weight.getKey())) {
                    NDArray read = stored.array(owner, weight.getKey());
                    if (!read.getShape().equals(weight.getValue().getShape())) {
                        throw new UnusableCheckpointException(file + ": " + weight.getKey() + " must have shape "
                                + weight.getValue().getShape() + ", got " + read.getShape()
                                + ". It is not of this checkpoint.");
                    }
                    slots.put(weight.getKey(), read);
                    weight.getValue().close();
                }
            }
        }
    }

    /** Whether all weights are trained. */
    boolean isWhole() {
        return frozen.isEmpty();
    }

    /** Whether a weight is there and does not stay as it is. */
    boolean isMoving(String name) {
        return !constants.contains(name) && !frozen.contains(name);
    }

    /** Whether masked-token prediction trains something. */
    boolean movesTokenHead() {
        return tokenHead.stream().anyMatch(this::isMoving);
    }

    NDManager owner() {
        return owner;
    }

    PreparedOnce preparedOnce() {
        return preparedOnce;
    }

    /** Number of token ids. */
    public int vocabulary() {
        return (int) slots.values().iterator().next().getShape().get(0);
    }

    /**
     * Gives weights more rows, as when a head grows. The old rows stay.
     *
     * @param names the weights
     * @param rows number of rows that each gets
     * @param random source of the new rows of matrices; those of vectors are zeros
     */
    void grow(Collection<String> names, int rows, RandomGenerator random, double standardDeviation) {
        WeightInitializer drawn = new WeightInitializer(owner, random, standardDeviation);
        for (String name : names) {
            try (NDArray old = requireNonNull(slots.get(name), name)) {
                NDArray grown = drawn.grown(old, rows);
                slots.put(name, grown);
            }
        }
    }

    /** The names of {@link #inKernelOrder}. */
    List<String> names() {
        return List.copyOf(slots.keySet());
    }

    /** Of weights in kernel order, those that are no adapters'. */
    NDList withoutAdapters(NDList inKernelOrder) {
        return new NDList(inKernelOrder.subList(0, inKernelOrder.size() - adapterSlots));
    }

    NDList inKernelOrder() {
        return new NDList(slots.values());
    }

    @Override
    public void close() {
        owner.close();
    }
}
