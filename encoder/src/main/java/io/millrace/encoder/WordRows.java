package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.TorchScriptModule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * The rows of the word embedding in training, for an objective that reads the rows of its mini-batch alone: one without
 * masked-token prediction, whose decoder is the whole embedding. Gradient, norm and AdamW then cost what the rows in use cost, whatever
 * the size of the vocabulary.
 *
 * <p>A row is in use from the first mini-batch on that holds its token. It lives in a table of its own then, with its moments beside
 * it, and the embedding holds it only as of the last {@link #settle}. Before, its gradient and its moments are 0, and all that a step
 * does to it is to multiply it by 1 - learningRate * weightDecay. Such rows owe these factors: they are applied in their order when the
 * row comes into use, when somebody reads the whole embedding, and after {@value #MOST_OWED} steps at the latest, so that
 * settling stays short. Each factor is applied by itself, as its step would have done, so the result does not
 * depend on when that happens, and a resumed learner gives the same bytes.
 *
 * <p>Against AdamW on the whole embedding, only the order in which the global norm is summed differs, and with it the last bits of the
 * norm. Owns the rows in use and their moments; use it on one thread.
 */
public final class WordRows implements AutoCloseable {

    private static final int MOST_OWED = 32;

    /** Whole multiples are trained, so that no row meets the kernels' code for odd ends, which may round otherwise. */
    private static final int ROWS_AT_ONCE = 16;

    private final NDManager owner;
    private final Uploads uploads;
    private final TorchScriptModule kernels;
    private final NDArray embedding;
    private final int vocabulary;
    private final BitSet used = new BitSet();
    private final int[] slots;
    private final int[] places;
    private final List<Float> owed = new ArrayList<>();
    private BitSet read = new BitSet();
    private NDArray rows;
    private NDArray first;
    private NDArray second;

    /**
     * No row is in use yet.
     *
     * @param parent manager below which it keeps its memory
     * @param weights what is trained; from now on, its word embedding is up to date only after {@link #settle} or {@link #publish}
     */
    public WordRows(NDManager parent, Weights weights) {
        owner = parent.newSubManager();
        uploads = Uploads.of(owner);
        kernels = TorchScriptModule.load(owner, "Rows", Map.of());
        embedding = weights.inKernelOrder().get(0);
        vocabulary = weights.vocabulary();
        slots = new int[vocabulary];
        places = new int[vocabulary];
        Shape none = new Shape(0, embedding.getShape().get(1));
        rows = owner.zeros(none);
        first = owner.zeros(none);
        second = owner.zeros(none);
    }

    /** Brings the whole embedding up to date, for whoever reads or writes it. */
    public void settle() {
        try (GradMode off = GradMode.off();
                NDManager scope = owner.newSubManager()) {
            if (!owed.isEmpty()) {
                boolean[] unused = new boolean[vocabulary];
                Arrays.fill(unused, true);
                used.stream().forEach(id -> unused[id] = false);
                Uploads.Upload upload = uploads.to(scope);
                Supplier<NDArray> which = upload.add(unused, new Shape(vocabulary, 1));
                upload.send();
                kernels.call(scope, "shrink_unused", embedding, which.get(), factors(scope));
                owed.clear();
            }
            move(scope, embedding, ids(scope, used), rows, slots(scope, used));
        }
    }

    /** Brings the rows of these texts up to date in the embedding, for passes that read no others. */
    public void publish(List<TokenizedText> texts) {
        BitSet some = read(texts);
        use(some);
        try (GradMode off = GradMode.off();
                NDManager scope = owner.newSubManager()) {
            move(scope, embedding, ids(scope, some), rows, slots(scope, some));
        }
    }

    /**
     * Begins a step.
     *
     * @param texts all that its passes read
     */
    public void begin(List<TokenizedText> texts) {
        read = read(texts);
        use(read);
        int place = 0;
        for (int id = read.nextSetBit(0); id >= 0; id = read.nextSetBit(id + 1)) {
            places[id] = place++;
        }
    }

    /** The rows in use, and room for more. The array changes when rows come into use. */
    NDArray table() {
        return rows;
    }

    /** For each token of a batch, its row of the table. Shape [tokens]. */
    NDArray slots(NDManager scope, TextBatch batch) {
        return ofTokens(scope, batch, slots);
    }

    /** For each token of a batch, its row of the gradient. Shape [tokens]. */
    NDArray places(NDManager scope, TextBatch batch) {
        return ofTokens(scope, batch, places);
    }

    private NDArray ofTokens(NDManager scope, TextBatch batch, int[] byId) {
        long[] values = new long[batch.tokens()];
        int token = 0;
        for (TokenizedText text : batch.texts()) {
            for (int id : text.ids()) {
                if (!read.get(id)) {
                    throw new IllegalStateException("a pass reads token " + id
                            + ", which is in none of the texts that its step began with. Begin it with all of them.");
                }
                values[token++] = byId[id];
            }
        }
        return uploads.array(scope, values);
    }

    /**
     * Shape of a step's gradient: one row per token that the step reads, in the order of their ids. So its norm does not depend on
     * which row came into use first, which a resumed learner does not know.
     */
    Shape gradient() {
        return new Shape(read.cardinality(), rows.getShape().get(1));
    }

    /** Whether a weight is the embedding that the rows are of. */
    boolean areOf(NDArray weight) {
        return weight == embedding;
    }

    /** What an optimizer trains: the rows in use, their gradient, and their first and second moment, all of one shape. */
    List<NDArray> inUse(NDManager scope, NDArray gradient) {
        NDArray count = Uploads.host(scope).create(roundedUp(used.cardinality()));
        return kernels.call(scope, "in_use", new NDList(rows, first, second), count, gradient, slots(scope, read));
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

    /** The first and the second moment of the whole embedding, under {@code scope}. */
    List<NDArray> moments(NDManager scope) {
        List<NDArray> whole = new ArrayList<>();
        try (GradMode off = GradMode.off()) {
            for (NDArray moment : List.of(first, second)) {
                NDArray zeros = scope.zeros(embedding.getShape());
                move(scope, zeros, ids(scope, used), moment, slots(scope, used));
                whole.add(zeros);
            }
        }
        return whole;
    }

    /** Continues with the moments of a checkpoint; the embedding is that of the checkpoint already. */
    void resume(NDManager scope, NDArray wholeFirst, NDArray wholeSecond) {
        try (GradMode off = GradMode.off()) {
            boolean[] moved =
                    kernels.call(scope, "used", wholeFirst, wholeSecond).get(0).toBooleanArray();
            BitSet resumed = new BitSet();
            for (int id = 0; id < moved.length; id++) {
                resumed.set(id, moved[id]);
            }
            use(resumed);
            move(scope, first, slots(scope, resumed), wholeFirst, ids(scope, resumed));
            move(scope, second, slots(scope, resumed), wholeSecond, ids(scope, resumed));
        }
    }

    private void use(BitSet ids) {
        BitSet fresh = (BitSet) ids.clone();
        fresh.andNot(used);
        if (fresh.isEmpty()) {
            return;
        }
        int next = used.cardinality();
        for (int id = fresh.nextSetBit(0); id >= 0; id = fresh.nextSetBit(id + 1)) {
            slots[id] = next++;
        }
        used.or(fresh);
        try (GradMode off = GradMode.off();
                NDManager scope = owner.newSubManager()) {
            if (next > rows.getShape().get(0)) {
                // By half more each time, so that growing costs little; there are never more rows than in the
                // embedding.
                NDArray more = scope.zeros(new Shape(
                        roundedUp(Math.max(next, Math.min(vocabulary, next + next / 2)))
                                - rows.getShape().get(0),
                        rows.getShape().get(1)));
                rows = grown(rows, more);
                first = grown(first, more);
                second = grown(second, more);
            }
            kernels.call(scope, "move", rows, slots(scope, fresh), embedding, ids(scope, fresh), factors(scope));
        }
    }

    private NDArray grown(NDArray table, NDArray more) {
        try (table) {
            return kernels.call(owner, "joined", table, more).get(0);
        }
    }

    private void move(NDManager scope, NDArray to, NDArray into, NDArray from, NDArray out) {
        kernels.call(scope, "move", to, into, from, out, scope.create(new Shape(0)));
    }

    private NDArray factors(NDManager scope) {
        float[] factors = new float[owed.size()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = owed.get(i);
        }
        return uploads.array(scope, factors, new Shape(factors.length));
    }

    private NDArray slots(NDManager scope, BitSet ids) {
        return array(scope, ids, id -> slots[id]);
    }

    private NDArray ids(NDManager scope, BitSet ids) {
        return array(scope, ids, id -> id);
    }

    private NDArray array(NDManager scope, BitSet ids, IntUnaryOperator value) {
        return uploads.array(scope, ids.stream().map(value).asLongStream().toArray());
    }

    private static long roundedUp(int count) {
        return (count + ROWS_AT_ONCE - 1L) / ROWS_AT_ONCE * ROWS_AT_ONCE;
    }

    private static BitSet read(List<TokenizedText> texts) {
        BitSet ids = new BitSet();
        for (TokenizedText text : texts) {
            for (int id : text.ids()) {
                ids.set(id);
            }
        }
        return ids;
    }

    @Override
    public void close() {
        owner.close();
    }
}
