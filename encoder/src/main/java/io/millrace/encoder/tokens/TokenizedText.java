package io.millrace.encoder.tokens;

/**
 * One example in tokens, special tokens included, truncated to the tokenizer's limit, without padding.
 *
 * @param ids token ids
 * @param types token types: 0, or 1 in the second text of a pair
 * @param special whether the tokenizer added the token: it is never masked
 * @param truncated whether the text was longer than the tokenizer's limit
 */
public record TokenizedText(int[] ids, int[] types, boolean[] special, boolean truncated) {

    /** A text that was not cut. */
    public TokenizedText(int[] ids, int[] types, boolean[] special) {
        this(ids, types, special, false);
    }

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }

    /** The same example with other ids, as when tokens are masked. */
    public TokenizedText withIds(int[] newIds) {
        if (newIds.length != ids.length) {
            throw new IllegalArgumentException("expected " + ids.length + " ids, got " + newIds.length);
        }
        return new TokenizedText(newIds, types, special, truncated);
    }

    /** The example with only the tokens at these indices, which ascend. */
    public TokenizedText only(int[] indices) {
        int[] keptIds = new int[indices.length];
        int[] keptTypes = new int[indices.length];
        boolean[] keptSpecial = new boolean[indices.length];
        for (int i = 0; i < indices.length; i++) {
            keptIds[i] = ids[indices[i]];
            keptTypes[i] = types[indices[i]];
            keptSpecial[i] = special[indices[i]];
        }
        return new TokenizedText(keptIds, keptTypes, keptSpecial, truncated);
    }
}
