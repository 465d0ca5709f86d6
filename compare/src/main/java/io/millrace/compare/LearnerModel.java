package io.millrace.compare;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.store.DirectoryTree;
import io.millrace.schemas.store.FrozenWeights;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.learner.StepResult;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The trainer's own learner.
 *
 * @param learner the learner
 */
record LearnerModel(Learner learner) implements TrainableModel {

    private static final Set<String> MODEL_FILES =
            Set.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");

    static TrainableModel start(TrainedTask trained) {
        return new LearnerModel(Learner.start(trained));
    }

    @Override
    public MiniBatchResult learn(List<LabelledExample> examples) {
        StepResult result = learner.learn(examples, List.of());
        return new MiniBatchResult(result.batch().rightCount(), result.applied());
    }

    @Override
    public List<String> labels() {
        return learner.labels();
    }

    @Override
    public float[][] outputs(List<TextInput> texts) {
        return learner.outputs(texts);
    }

    /** Leaves out the files that only further training needs; what was trained alone is merged with the rest. */
    @Override
    public void save(Path directory) throws IOException {
        Path state = Files.createDirectories(directory.resolve("state"));
        Path checkpoint = Files.createDirectory(state.resolve("checkpoint"));
        learner.save(checkpoint);
        if (Files.exists(checkpoint.resolve(FrozenWeights.FILE_NAME))) {
            EncoderCheckpoint.read(checkpoint).writeWhole(directory);
        } else {
            for (String name : MODEL_FILES) {
                if (Files.exists(checkpoint.resolve(name))) {
                    Files.move(checkpoint.resolve(name), directory.resolve(name));
                }
            }
        }
        DirectoryTree.delete(state);
    }

    @Override
    public void close() {
        learner.close();
    }
}
