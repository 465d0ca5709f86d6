package io.millrace.app.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.config.MillraceConfig;
import io.millrace.schemas.config.ConfigException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A configuration file. */
final class ConfigTarget implements FuzzTarget {

    private final ScratchFile scratch;

    ConfigTarget(Path directory) {
        scratch = new ScratchFile(directory.resolve("millrace.yaml"));
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                bytes("tasks: {intent: {labels: [yes, no], training: {encoder: encoder}}}\n"),
                bytes(
                        """
                        kafka:
                          bootstrapServers: broker-1:9092
                          properties: {security.protocol: SSL}
                        store: /srv/store
                        metrics: {host: 127.0.0.1, port: 9404}
                        ingest: {stateDir: state, deduplicationWindow: PT1H, maxRecordBytes: 4096}
                        tasks:
                          # A comment
                          entailment:
                            kind: pair
                            labels:
                              - entailment
                              - neutral
                            newLabels: grow
                            maxLabels: 7
                            maxTextChars: 300
                            training:
                              encoder: ../models/bert
                              seed: 7
                              compute: {device: "cuda:1", precision: f32}
                              objective: {method: mask-tuning+smart, maskTuning: {alpha: 0.5}}
                              optimizer: {learningRate: 6e-4}
                              batching: {batchSize: 32, idleAfter: PT1M}
                            evaluation:
                              margins: {typos: 0.05}
                        """));
    }

    @Override
    public boolean accepts(byte[] input) throws IOException {
        scratch.write(input);
        Path file = scratch.path();
        try {
            MillraceConfig.read(file);
            return true;
        } catch (ConfigException e) {
            assertThat(e.getMessage())
                    .startsWith(file + ": ")
                    .hasSizeLessThan(file.toString().length() + 2000)
                    .doesNotContainPattern(DECEPTIVE);
            return false;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
