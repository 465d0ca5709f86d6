package io.millrace.evaluator.score;

import io.millrace.encoder.TextClassifier;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Probe sets in tokens. Each version is tokenized once per tokenizer: all checkpoints of a task have the same. Of the sets
 * that were asked for, the most recent stay, up to a number of tokens in all. Used by one thread.
 */
final class TokenizedProbes {

    /** About 100 MB, or 300,000 texts of the length of a sentence. */
    static final long MAX_TOKENS = 5_000_000;

    private final long maxTokens;
    private final Map<Key, List<TokenizedText>> sets = new LinkedHashMap<>(16, 0.75f, true);
    private long tokens;

    TokenizedProbes(long maxTokens) {
        this.maxTokens = maxTokens;
    }

    private record Key(String tokenizerSha256, String version) {}

    /** The tokens of each example, in the order of the set. */
    List<TokenizedText> of(ProbeSet probeSet, TextClassifier model) {
        Key key = new Key(model.tokenizerSha256(), probeSet.reference().version());
        List<TokenizedText> known = sets.get(key);
        if (known != null) {
            return known;
        }
        List<TokenizedText> made = tokenize(probeSet.examples(), model);
        sets.put(key, made);
        tokens += count(made);
        sets.values().removeIf(oldest -> {
            boolean doomed = tokens > maxTokens && oldest != made;
            tokens -= doomed ? count(oldest) : 0;
            return doomed;
        });
        return made;
    }

    /** The tokens of examples that are asked for once. */
    static List<TokenizedText> tokenize(List<LabelledExample> examples, TextClassifier model) {
        return model.tokenize(examples.stream()
                .map(example -> new TextInput(example.text(), example.textPair()))
                .toList());
    }

    private static long count(List<TokenizedText> texts) {
        return texts.stream().mapToLong(TokenizedText::length).sum();
    }
}
