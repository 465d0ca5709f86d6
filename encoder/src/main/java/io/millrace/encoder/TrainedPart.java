package io.millrace.encoder;

import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.config.WeightNames;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which weights of an encoder and its heads a task trains. Those of the task's head always are. The masked-token head is trained as
 * a whole where the objective reads it: it is small, and one that was drawn would never be of use otherwise. Its decoder is the word
 * embedding, which stays as it is.
 *
 * @param tuning what of the encoder is trained
 * @param masksTokens whether the objective reads the masked-token head
 * @param resumes whether training goes on with an adapter that the checkpoint holds; else that becomes part of the frozen weights
 */
public record TrainedPart(Tuning tuning, boolean masksTokens, boolean resumes) {

    /**
     * Whether a weight is trained.
     *
     * @param stored what the checkpoint holds
     * @param name of the weight
     */
    boolean trains(EncoderConfig config, Optional<StoredTensors> stored, String name) {
        List<String> head = Stream.concat(Slots.headDense(config).stream(), Slots.headScores(config, 1).stream())
                .map(Slot::name)
                .toList();
        if (head.contains(name) || name.endsWith(".lora_A.weight") || name.endsWith(".lora_B.weight")) {
            return true;
        }
        if (Slots.names(Slots.tokenHead(config)).contains(name)) {
            return masksTokens
                    || (resumes
                            && stored.filter(tensors -> tensors.wasTrained(name))
                                    .isPresent());
        }
        return tuning.mode() == Tuning.Mode.LAYERS && isOnTop(config, name);
    }

    private boolean isOnTop(EncoderConfig config, String name) {
        WeightNames names = config.architecture().names();
        Integer top = tuning.layers();
        int layers = config.shape().layers();
        for (int layer = layers - (top == null ? 0 : top); layer < layers; layer++) {
            if (name.startsWith(names.layers() + layer + ".")) {
                return true;
            }
        }
        return config.blocks().normFirst() && name.startsWith(names.head().get(0) + ".");
    }
}
