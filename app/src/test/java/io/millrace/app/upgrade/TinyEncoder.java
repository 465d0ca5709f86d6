package io.millrace.app.upgrade;

import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.schemas.UnlabelledText;
import io.millrace.trainer.config.BatchingConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.config.TrainingConfigs;
import io.millrace.trainer.pretrain.Pretraining;
import io.millrace.trainer.pretrain.PretrainingPlan;
import io.millrace.trainer.pretrain.TextSequence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;

/** Makes an encoder of width 8, small enough to store checkpoints of it beside the sources. */
final class TinyEncoder {

    private static final String CONFIG =
            """
            {
              "architectures": ["BertForMaskedLM"],
              "model_type": "bert",
              "vocab_size": 262,
              "hidden_size": 8,
              "num_hidden_layers": 1,
              "num_attention_heads": 2,
              "intermediate_size": 8,
              "hidden_act": "gelu",
              "max_position_embeddings": 16,
              "type_vocab_size": 2,
              "layer_norm_eps": 1e-12,
              "initializer_range": 0.25,
              "hidden_dropout_prob": 0.1,
              "attention_probs_dropout_prob": 0.1,
              "pad_token_id": 0
            }
            """;

    private TinyEncoder() {}

    /**
     * Pre-trains it for one step.
     *
     * @param scratch receives the checkpoint of the pre-training
     */
    static void make(Path encoder, Path scratch) throws IOException {
        Path untrained = Files.createDirectories(scratch.resolve("untrained"));
        Path tokenizer =
                Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert/tokenizer.json");
        Files.writeString(untrained.resolve("config.json"), CONFIG);
        Files.copy(tokenizer, untrained.resolve("tokenizer.json"));
        TrainingConfig config = TrainingConfigs.plain(untrained)
                .withCompute(new Compute("cpu", Precision.F32))
                .withMethod(Method.MASKED_TOKENS)
                .withBatching(new BatchingConfig(8, 16, null, null))
                .build();
        Path made =
                new Pretraining(config, new PretrainingPlan(0, 1, 1e-3), new EightTexts(), scratch).run(progress -> {});
        Files.createDirectories(encoder);
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            Files.copy(made.resolve(file), encoder.resolve(file));
        }
    }

    private record EightTexts() implements TextSequence {

        @Override
        public String sha256() {
            return "eight";
        }

        @Override
        public long textsPerEpoch() {
            return 8;
        }

        @Override
        public List<String> heldOut() {
            return Collections.nCopies(100, "the film was good and warm");
        }

        @Override
        public Iterator<UnlabelledText> from(long place) {
            return LongStream.range(place, textsPerEpoch())
                    .mapToObj(i -> new UnlabelledText(Long.toString(i), "the film was good and warm " + i))
                    .iterator();
        }
    }
}
