package io.millrace.app.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CorruptCheckpointException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code manifest.json} of a checkpoint directory, and the files that it lists. */
final class ManifestTarget implements FuzzTarget {

    private final Path directory;
    private final ScratchFile scratch;

    ManifestTarget(Path directory) throws IOException {
        this.directory = directory;
        scratch = new ScratchFile(directory.resolve(CheckpointManifest.FILE_NAME));
        Files.writeString(directory.resolve("weights"), "weights");
    }

    @Override
    public List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        Path golden = Path.of(System.getProperty("millrace.root"), "schemas/src/test/resources/golden");
        try (Stream<Path> files = Files.walk(golden)) {
            for (Path file : files.filter(path -> path.getParent().endsWith("checkpoint-manifest"))
                    .sorted()
                    .toList()) {
                seeds.add(Files.readAllBytes(file));
            }
        }
        seeds.add(("{\"format\":1,\"task\":\"intent\",\"id\":\"checkpoint-000001\",\"step\":1,"
                        + "\"lineage\":{\"configSha256\":\"00\",\"offsets\":{\"partition\":0,\"first\":0,\"next\":1},"
                        + "\"miniBatches\":[]},\"files\":{\"weights\":{\"bytes\":7,\"sha256\":"
                        + "\"9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c\"}}}")
                .getBytes(StandardCharsets.UTF_8));
        return seeds;
    }

    @Override
    public boolean accepts(byte[] input) throws IOException {
        scratch.write(input);
        try {
            CheckpointManifest.readVerified(directory);
            return true;
        } catch (CorruptCheckpointException e) {
            assertThat(e.getMessage())
                    .contains(directory.toString())
                    .hasSizeLessThan(3 * directory.toString().length() + 2000)
                    .doesNotContainPattern(DECEPTIVE);
            return false;
        }
    }
}
