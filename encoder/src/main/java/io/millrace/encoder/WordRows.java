package io.millrace.encoder;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.TorchScriptModule;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * The rows of the word embedding in training, for an objective that reads the rows of its mini-batch alone: one without
 * masked-token prediction, whose decoder is the whole embedding. Gradient, norm and AdamW then cost what the rows in use cost, whatever
 * the size of the vocabulary.
 *
 * <p>A row is in use from the first mini-batch on that holds its token. Before, its gradient and its moments are 0, and all that a step
 * does to it is to multiply it by 1 - learningRate * weightDecay. Such rows owe these factors: they are kept, and applied in
 * their order when a mini-batch first reads the row, when somebody reads the whole embedding ({@link #settle}), and after
 * {@value #MOST_OWED} steps at the latest, so that settling takes no longer than a step. Each factor is applied by itself, as its
 * step would have done, so the result does not depend on when that happens, and a resumed learner gives the same bytes.
 *
 * <p>Against AdamW on the whole embedding, only the order in which the global norm is summed differs, and with it the last bits of the
 * norm. Once {@value #DENSE_PERCENT} % of the rows are in use, all are: copying rows out and back would cost more than it saves.
 */
public final class WordRows {

    private static final int MOST_OWED = 32;
    private static final int DENSE_PERCENT = 40;

    private final TorchScriptModule kernels;
    private final NDArray table;
    private final int vocabulary;
    private final BitSet used = new BitSet();
    private final List<Float> owed = new ArrayList<>();
    private @Nullable Read current;

    /**
     * The rows that one step reads: the leaf of its gradient graph in place of the embedding.
     *
     * @param ids their token ids, ascending
     * @param leaf copies of them, shape [ids, width]
     */
    record Read(BitSet ids, NDArray leaf) {

        /** For each token of a batch, its place among the rows. Shape [tokens]. */
        NDArray places(NDManager scope, TextBatch batch) {
            int[] placeOf = new int[ids.length()];
            int place = 0;
            for (int id = ids.nextSetBit(0); id >= 0; id = ids.nextSetBit(id + 1)) {
                placeOf[id] = place++;
            }
            long[] places = new long[batch.tokens()];
            int token = 0;
            for (TokenizedText text : batch.texts()) {
                for (int id : text.ids()) {
                    if (!ids.get(id)) {
                        throw new IllegalStateException(
                                "a pass reads token " + id + ", which is in no batch that its step announced");
                    }
                    places[token++] = placeOf[id];
                }
            }
            return scope.create(places);
        }
    }

    /**
     * No row is in use yet.
     *
     * @param owner manager that takes the kernels
     * @param weights what is trained; from now on, its word embedding is up to date only as {@link #settle} says
     */
    public WordRows(NDManager owner, Weights weights) {
        kernels = TorchScriptModule.load(owner, "Rows", Map.of());
        table = weights.inKernelOrder().get(0);
        vocabulary = weights.vocabulary();
    }

    /** Brings every row up to date: for whoever reads the whole embedding, or writes it. */
    public void settle() {
        if (owed.isEmpty()) {
            return;
        }
        boolean[] unused = new boolean[vocabulary];
        for (int id = 0; id < unused.length; id++) {
            unused[id] = !used.get(id);
        }
        try (GradMode off = GradMode.off();
                NDManager scope = table.getManager().newSubManager()) {
            kernels.call(scope, "shrink_unused", table, scope.create(unused, new Shape(vocabulary, 1)), factors(scope));
        }
        owed.clear();
    }

    /** Brings the rows of these batches up to date in the embedding; they are in use from now on. */
    public void use(List<TextBatch> batches) {
        BitSet fresh = ids(batches);
        fresh.andNot(used);
        if (fresh.isEmpty()) {
            return;
        }
        if ((used.cardinality() + fresh.cardinality()) * 100L >= (long) DENSE_PERCENT * vocabulary) {
            settle();
            used.set(0, vocabulary);
            return;
        }
        if (!owed.isEmpty()) {
            try (GradMode off = GradMode.off();
                    NDManager scope = table.getManager().newSubManager()) {
                kernels.call(scope, "shrink_some", table, array(scope, fresh), factors(scope));
            }
        }
        used.or(fresh);
    }

    /**
     * Begins a step.
     *
     * @param scope the step's manager
     * @param batches all that its passes read
     */
    void read(NDManager scope, List<TextBatch> batches) {
        use(batches);
        BitSet ids = ids(batches);
        try (GradMode off = GradMode.off()) {
            NDArray leaf = kernels.call(scope, "take", table, array(scope, ids)).get(0);
            leaf.setRequiresGradient(true);
            current = new Read(ids, leaf);
        }
    }

    /** What the present step reads. */
    Read current() {
        return requireNonNull(current, "no step has begun");
    }

    /** Whether an array is the embedding that the rows are of. */
    boolean areOf(NDArray weight) {
        return weight == table;
    }

    /** Ids of the rows in use, ascending; none for all. */
    NDArray used(NDManager scope) {
        return array(scope, used.cardinality() == vocabulary ? new BitSet() : used);
    }

    /** The places among {@link #used} of the rows that the present step reads. */
    NDArray placesInUse(NDManager scope) {
        BitSet read = current().ids();
        long[] places = new long[read.cardinality()];
        int place = 0;
        int next = 0;
        for (int id = used.nextSetBit(0); id >= 0; id = used.nextSetBit(id + 1), place++) {
            if (read.get(id)) {
                places[next++] = place;
            }
        }
        return scope.create(places);
    }

    /** Notes a step's decay: {@code factor} is what a row is multiplied by whose gradient and moments are 0. */
    void stepped(float factor) {
        if (factor != 1 && used.cardinality() < vocabulary) {
            owed.add(factor);
        }
        if (owed.size() >= MOST_OWED) {
            settle();
        }
    }

    /** Continues with the moments of a checkpoint, whose embedding was settled. */
    void resume(NDManager scope, NDArray first, NDArray second) {
        boolean[] moved = kernels.call(scope, "used", first, second).get(0).toBooleanArray();
        used.clear();
        for (int id = 0; id < moved.length; id++) {
            used.set(id, moved[id]);
        }
    }

    private NDArray factors(NDManager scope) {
        float[] factors = new float[owed.size()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = owed.get(i);
        }
        return scope.create(factors);
    }

    private static BitSet ids(List<TextBatch> batches) {
        BitSet ids = new BitSet();
        for (TextBatch batch : batches) {
            for (TokenizedText text : batch.texts()) {
                for (int id : text.ids()) {
                    ids.set(id);
                }
            }
        }
        return ids;
    }

    private static NDArray array(NDManager scope, BitSet ids) {
        return scope.create(ids.stream().asLongStream().toArray());
    }
}
