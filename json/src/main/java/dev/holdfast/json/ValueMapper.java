package dev.holdfast.json;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.PolymorphicTypeValidator;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How user values become JSON and back. */
final class ValueMapper {
  private static final int STRING_CHARACTERS_MAX = 1 << 30;
  private static final int NUMBER_DIGITS_MAX = 10_000;
  private static final Set<JsonTypeInfo.Id> NAMES_OF_CLASSES =
      EnumSet.of(JsonTypeInfo.Id.CLASS, JsonTypeInfo.Id.MINIMAL_CLASS);

  private ValueMapper() {}

  static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxStringLength(STRING_CHARACTERS_MAX)
                .maxNumberLength(NUMBER_DIGITS_MAX)
                .build())
        .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
        // buffers kept per thread would be made anew for each of many virtual threads
        .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
        .build();
  }

  static JsonMapper mapper(JsonFactory factory) {
    return JsonMapper.builder(factory)
        .addModules(new Jdk8Module(), new JavaTimeModule(), new StableSets())
        .disable(
            SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
            SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .disable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .annotationIntrospector(new WithoutClassNames())
        .polymorphicTypeValidator(new NoClassNames())
        .build();
  }

  static JsonMapper withoutIncidental(JsonMapper mapper) {
    return mapper.rebuild().annotationIntrospector(new WithoutIncidental()).build();
  }

  /** Refuses every type that asks for class names in its data: data never names a class. */
  private static final class NoClassNames extends PolymorphicTypeValidator.Base {
    private static final long serialVersionUID = 1L;

    @Override
    public Validity validateBaseType(MapperConfig<?> config, JavaType baseType) {
      return Validity.DENIED;
    }

    @Override
    public Validity validateSubClassName(
        MapperConfig<?> config, JavaType baseType, String subClassName) {
      return Validity.DENIED;
    }

    @Override
    public Validity validateSubType(MapperConfig<?> config, JavaType baseType, JavaType subType) {
      return Validity.DENIED;
    }
  }

  private static class WithoutClassNames extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
        MapperConfig<?> config, Annotated annotated) {
      JsonTypeInfo.Value info = super.findPolymorphicTypeInfo(config, annotated);
      if (info != null && NAMES_OF_CLASSES.contains(info.getIdType())) {
        throw new IllegalArgumentException(
            "%s asks for class names in its data (@JsonTypeInfo). Use JsonTypeInfo.Id.NAME."
                .formatted(annotated.getName()));
      }
      return info;
    }
  }

  private static final class WithoutIncidental extends WithoutClassNames {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean hasIgnoreMarker(AnnotatedMember member) {
      return super.hasIgnoreMarker(member) || isIncidental(member);
    }

    private static boolean isIncidental(AnnotatedMember member) {
      RecordComponent[] components = member.getDeclaringClass().getRecordComponents();
      return components != null
          && Arrays.stream(components)
              .filter(component -> component.getName().equals(member.getName()))
              .anyMatch(component -> component.isAnnotationPresent(Incidental.class));
    }
  }
}
