package io.millrace.schemas;

/**
 * One exact version of a probe set.
 *
 * @param name its name
 * @param version SHA-256 over its examples in the order of their ids; hexadecimal
 * @param distribution in or out of the training distribution
 * @param examples how many it holds
 */
public record ProbeSetReference(String name, String version, Distribution distribution, int examples) {

    public ProbeSetReference {
        Required.field("ProbeSetReference.name", name);
        Required.field("ProbeSetReference.version", version);
        Required.field("ProbeSetReference.distribution", distribution);
    }
}
