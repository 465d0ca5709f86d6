package io.millrace.schemas.follow;

import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.store.Sha256;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A store as an evaluator publishes into it, and the verdicts on its models. */
record PublishedStore(Path root) {

    static final String TASK = "mood";

    /** Publishes a model with weights of its own; the verdict. */
    ModelUpdate promoted(String id) throws IOException {
        Path directory = Files.createDirectories(root.resolve(location(id)));
        Files.writeString(directory.resolve("model.safetensors"), "weights of " + id);
        return verdict(Verdict.PROMOTED, id, location(id));
    }

    /** The verdict on a model of this location, whose weights are those of {@link #promoted}. */
    static ModelUpdate verdict(Verdict verdict, String id, @Nullable String location) {
        CheckpointReference checkpoint = new CheckpointReference(TASK, id, 1, TASK + "/" + id, Sha256.of(id));
        return new ModelUpdate(
                verdict,
                List.of(),
                new PublishedModel(checkpoint, location, location == null ? null : Sha256.of("weights of " + id)),
                List.of(),
                null,
                new ModelUpdate.Lineage(null, new OffsetRange(0, 0, 1)));
    }

    static String location(String id) {
        return TASK + "/models/" + id;
    }

    Path directory(String id) {
        return root.resolve(location(id));
    }
}
