package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.tokens.TokenizedText;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Examples as the passes read them: their tokens packed end to end, no padding. Its arrays belong to the manager that it was
 * packed under.
 *
 * <p>With n tokens in all, b examples and t tokens in the longest: {@code ids}, {@code types}, {@code positions} and {@code slots}
 * are [n], {@code starts} is [b], {@code mask} is [b, 1, 1, t].
 */
public final class TextBatch {

    private final Uploads uploads;
    private final List<TokenizedText> texts;
    private final Numbering numbering;
    private final NDArray ids;
    private final Layout layout;

    /**
     * How positions and types are numbered.
     *
     * @param firstPosition position id of an example's first token
     * @param typed whether the encoder tells the texts of a pair apart by type
     * @param places where each token was in its example before tokens were taken out; -1 for padding in a text
     * @param whole whether no tokens were taken out
     */
    private record Numbering(int firstPosition, boolean typed, List<int[]> places, boolean whole) {}

    /**
     * The parts that stay the same when tokens are replaced.
     *
     * @param types token types
     * @param positions position ids
     * @param slots place of each token in the padded [b, t]
     * @param starts index of each example's first token
     * @param mask true where the padded [b, t] holds a token
     */
    record Layout(NDArray types, NDArray positions, NDArray slots, NDArray starts, NDArray mask) {}

    /**
     * Some of the tokens, of which the last layer is computed.
     *
     * @param at their indices, ascending, shape [m]
     * @param slots place of each in the padded [b, s]
     * @param frame of shape [s, 0]; s is the largest number per example. Of shape [s, 0, 0] if tokens were taken out of the examples, so
     *     that their places in the batch do not tell their distances
     */
    public record Tokens(NDArray at, NDArray slots, NDArray frame) {}

    private TextBatch(Uploads uploads, List<TokenizedText> texts, Numbering numbering, NDArray ids, Layout layout) {
        this.uploads = uploads;
        this.texts = texts;
        this.numbering = numbering;
        this.ids = ids;
        this.layout = layout;
    }

    /**
     * Packs examples.
     *
     * @param scope manager that the arrays belong to, on the device of the encoder
     * @param firstPosition position id of an example's first token
     * @param typed whether the encoder tells the texts of a pair apart by type
     */
    static TextBatch pack(NDManager scope, List<TokenizedText> texts, int firstPosition, boolean typed) {
        Uploads.Upload upload = Uploads.DIRECT.to(scope);
        Supplier<TextBatch> batch = pack(Uploads.DIRECT, upload, texts, firstPosition, typed);
        upload.send();
        return batch.get();
    }

    /**
     * As {@link #pack(NDManager, List, int, boolean)}, with arrays that travel together with others.
     *
     * @param uploads how arrays come to the device
     * @param upload takes the arrays
     * @return the batch, once {@code upload} is sent
     */
    static Supplier<TextBatch> pack(
            Uploads uploads, Uploads.Upload upload, List<TokenizedText> texts, int firstPosition, boolean typed) {
        List<int[]> places =
                texts.stream().map(text -> places(text, firstPosition - 1)).toList();
        return pack(uploads, upload, texts, new Numbering(firstPosition, typed, places, /* whole */ true));
    }

    /** Where positions are counted from the padding id, a padding token spelled out in a text has no position. */
    private static int[] places(TokenizedText text, int padId) {
        int[] places = new int[text.length()];
        int next = 0;
        for (int i = 0; i < places.length; i++) {
            places[i] = text.ids()[i] == padId ? -1 : next++;
        }
        return places;
    }

    private static Supplier<TextBatch> pack(
            Uploads uploads, Uploads.Upload upload, List<TokenizedText> texts, Numbering numbering) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("a batch must hold at least one example, got none");
        }
        int longest = texts.stream().mapToInt(TokenizedText::length).max().orElseThrow();
        int tokens = texts.stream().mapToInt(TokenizedText::length).sum();
        long[] types = new long[tokens];
        long[] positions = new long[tokens];
        long[] slots = new long[tokens];
        long[] starts = new long[texts.size()];
        boolean[] mask = new boolean[texts.size() * longest];
        int n = 0;
        for (int example = 0; example < texts.size(); example++) {
            TokenizedText text = texts.get(example);
            starts[example] = n;
            for (int i = 0; i < text.length(); i++, n++) {
                types[n] = numbering.typed ? text.types()[i] : 0;
                positions[n] = (long) numbering.firstPosition + numbering.places.get(example)[i];
                slots[n] = (long) example * longest + i;
                mask[(int) slots[n]] = true;
            }
        }
        Supplier<NDArray> sentTypes = upload.add(types);
        Supplier<NDArray> sentPositions = upload.add(positions);
        Supplier<NDArray> sentSlots = upload.add(slots);
        Supplier<NDArray> sentStarts = upload.add(starts);
        Supplier<NDArray> sentMask = upload.add(mask, new Shape(texts.size(), 1, 1, longest));
        Supplier<NDArray> sentIds = upload.add(ids(texts, tokens));
        return () -> new TextBatch(
                uploads,
                List.copyOf(texts),
                numbering,
                sentIds.get(),
                new Layout(sentTypes.get(), sentPositions.get(), sentSlots.get(), sentStarts.get(), sentMask.get()));
    }

    private static long[] ids(List<TokenizedText> texts, int tokens) {
        long[] ids = new long[tokens];
        int n = 0;
        for (TokenizedText text : texts) {
            for (int id : text.ids()) {
                ids[n++] = id;
            }
        }
        return ids;
    }

    /** The same examples with other token ids; everything else is shared. */
    public TextBatch withTexts(NDManager scope, List<TokenizedText> replaced) {
        return new TextBatch(
                uploads, List.copyOf(replaced), numbering, uploads.array(scope, ids(replaced, tokens())), layout);
    }

    /** As {@link #withTexts}, where the host knows no ids: {@link #texts} still tells the old ones. */
    TextBatch withIds(NDArray replaced) {
        return new TextBatch(uploads, texts, numbering, replaced, layout);
    }

    /**
     * The same examples with only some of their tokens, which keep their positions. An example's first token must stay: its head reads
     * it.
     *
     * @param kept one flag per token of the packed batch
     */
    public TextBatch keeping(NDManager scope, boolean[] kept) {
        List<TokenizedText> left = new ArrayList<>();
        List<int[]> places = new ArrayList<>();
        int start = 0;
        for (int example = 0; example < texts.size(); example++) {
            TokenizedText text = texts.get(example);
            int first = start;
            int[] stay = IntStream.range(0, text.length())
                    .filter(i -> kept[first + i])
                    .toArray();
            int[] old = numbering.places.get(example);
            left.add(text.only(stay));
            places.add(IntStream.of(stay).map(i -> old[i]).toArray());
            start += text.length();
        }
        Uploads.Upload upload = uploads.to(scope);
        Supplier<TextBatch> batch = pack(
                uploads,
                upload,
                left,
                new Numbering(numbering.firstPosition, numbering.typed, places, /* whole */ false));
        upload.send();
        return batch.get();
    }

    /** The examples. */
    public List<TokenizedText> texts() {
        return texts;
    }

    /** Number of examples. */
    public int size() {
        return texts.size();
    }

    /** Number of tokens in all. */
    public int tokens() {
        return (int) ids.size();
    }

    /** The index of each example's first token. */
    public int[] firstIndices() {
        int[] first = new int[texts.size()];
        for (int example = 1; example < first.length; example++) {
            first[example] = first[example - 1] + texts.get(example - 1).length();
        }
        return first;
    }

    /** All tokens. */
    public Tokens all() {
        return tokens(IntStream.range(0, tokens()).toArray());
    }

    /**
     * Some of the tokens.
     *
     * @param indices in the packed batch, ascending
     */
    public Tokens tokens(int... indices) {
        int[] places = new int[indices.length];
        long[] example = new long[indices.length];
        int most = 0;
        int text = 0;
        int end = texts.get(0).length();
        for (int i = 0; i < indices.length; i++) {
            boolean isNext = false;
            while (indices[i] >= end) {
                end += texts.get(++text).length();
                isNext = true;
            }
            places[i] = i == 0 || isNext ? 0 : places[i - 1] + 1;
            example[i] = text;
            most = Math.max(most, places[i] + 1);
        }
        long[] at = new long[indices.length];
        long[] slots = new long[indices.length];
        for (int i = 0; i < indices.length; i++) {
            at[i] = indices[i];
            slots[i] = example[i] * most + places[i];
        }
        NDManager scope = ids.getManager();
        Uploads.Upload upload = uploads.to(scope);
        Supplier<NDArray> sentAt = upload.add(at);
        Supplier<NDArray> sentSlots = upload.add(slots);
        upload.send();
        Shape frame = numbering.whole ? new Shape(most, 0) : new Shape(most, 0, 0);
        return new Tokens(sentAt.get(), sentSlots.get(), scope.create(frame, DataType.UINT8));
    }

    NDArray ids() {
        return ids;
    }

    Layout layout() {
        return layout;
    }
}
