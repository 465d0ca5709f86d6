package io.millrace.app.pretrain;

import ai.djl.ndarray.NDManager;
import io.millrace.encoder.Compute;
import io.millrace.encoder.EffectiveRank;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.Weights;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Measures the effective rank of an encoder on texts. */
public final class RankRun {

    private static final int TEXTS_PER_PASS = 64;

    private RankRun() {}

    /** The ranks of the embeddings, then of every layer, over all tokens of the texts, special ones included. */
    public static List<EffectiveRank.Ranks> of(Path directory, Compute compute, List<String> texts) {
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(directory);
        try (TextTokenizer tokenizer = checkpoint.openTokenizer(checkpoint.maxTokens());
                TextEncoder encoder = TextEncoder.open(checkpoint, compute);
                Weights weights = checkpoint.loadWeights(encoder.manager(), OutputHead.none(), new Random(0));
                EffectiveRank rank = new EffectiveRank(encoder);
                GradMode off = GradMode.off()) {
            for (int first = 0; first < texts.size(); first += TEXTS_PER_PASS) {
                List<TokenizedText> tokens =
                        tokenizer.tokenize(texts.subList(first, Math.min(texts.size(), first + TEXTS_PER_PASS)).stream()
                                .map(text -> new TextInput(text, null))
                                .toList());
                try (NDManager scope = encoder.manager().newSubManager()) {
                    ForwardPass pass = encoder.inferencePass(scope, weights);
                    rank.add(pass.hiddenStates(encoder.pack(scope, tokens)));
                }
            }
            return rank.ranks();
        }
    }
}
