package io.millrace.encoder;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.torchscript.GradMode;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The 32-bit weights of one model by their Hugging Face names. Owns their native memory. */
public final class Weights implements AutoCloseable {

    private final NDManager owner;
    private final Map<String, NDArray> slots;
    private final Set<String> constants;
    private final Set<String> tokenHead;
    private final Set<String> sharedHead;

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
        this.owner = owner;
        this.slots = new LinkedHashMap<>(slots);
        this.constants = constants;
        this.tokenHead = tokenHead;
        this.sharedHead = sharedHead;
    }

    /** A deep copy with memory of its own. */
    public Weights copy() {
        NDManager copyOwner = owner.getParentManager().newSubManager();
        Map<String, NDArray> copies = new LinkedHashMap<>();
        try (GradMode off = GradMode.off()) {
            slots.forEach((name, array) -> {
                NDArray copy = array.duplicate();
                copy.attach(copyOwner);
                copies.put(name, copy);
            });
        }
        return new Weights(copyOwner, copies, constants, tokenHead, sharedHead);
    }

    /** The weights of a checkpoint by name, in a fixed order. */
    public Map<String, NDArray> byName() {
        Map<String, NDArray> written = new LinkedHashMap<>(slots);
        written.keySet().removeAll(constants);
        return written;
    }

    /**
     * The weights that an objective trains, by name, in a fixed order.
     *
     * @param withTokenHead whether it reads the masked-token head
     */
    public Map<String, NDArray> trainable(boolean withTokenHead) {
        Map<String, NDArray> trained = byName();
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

    NDList inKernelOrder() {
        return new NDList(slots.values());
    }

    @Override
    public void close() {
        owner.close();
    }
}
