package io.millrace.app.cli;

import io.millrace.schemas.RejectionReason;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The reasons for a rejection as on the wire. */
final class RejectionReasons implements ITypeConverter<RejectionReason> {

    @Override
    public RejectionReason convert(String value) {
        return Arrays.stream(RejectionReason.values())
                .filter(known -> known.wireName().equals(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("must be one of "
                        + Arrays.stream(RejectionReason.values())
                                .map(RejectionReason::wireName)
                                .collect(Collectors.joining(", "))
                        + ", got \"" + value + "\""));
    }
}
