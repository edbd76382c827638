package dev.holdfast.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.ContextualSerializer;
import com.fasterxml.jackson.databind.type.CollectionType;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes sets without an order of their own in a stable one.
 *
 * <p>{@link Set#of} iterates in another order in every process: written as it comes, the same input
 * would differ after a restart.
 */
final class StableSets extends SimpleModule {
  private static final long serialVersionUID = 1L;

  StableSets() {
    super("stable-sets");
    setSerializerModifier(new Modifier());
  }

  private static final class Modifier extends BeanSerializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    @SuppressWarnings("unchecked") // Jackson hands out a collection's serializer without its type.
    public JsonSerializer<?> modifyCollectionSerializer(
        SerializationConfig config,
        CollectionType type,
        BeanDescription description,
        JsonSerializer<?> serializer) {
      return hasNoOrder(type.getRawClass())
          ? new Sorted((JsonSerializer<Object>) serializer)
          : serializer;
    }

    private static boolean hasNoOrder(Class<?> type) {
      return Set.class.isAssignableFrom(type)
          && !SortedSet.class.isAssignableFrom(type)
          && !LinkedHashSet.class.isAssignableFrom(type)
          && !EnumSet.class.isAssignableFrom(type);
    }
  }

  private static final class Sorted extends JsonSerializer<Object> implements ContextualSerializer {
    private final JsonSerializer<Object> plain;

    Sorted(JsonSerializer<Object> plain) {
      this.plain = plain;
    }

    @Override
    @SuppressWarnings("unchecked") // As above.
    public JsonSerializer<?> createContextual(
        SerializerProvider provider, @Nullable BeanProperty property) throws JsonMappingException {
      return new Sorted(
          (JsonSerializer<Object>) provider.handleSecondaryContextualization(plain, property));
    }

    @Override
    public void serialize(Object set, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      plain.serialize(sorted((Collection<?>) set, generator.getCodec()), generator, provider);
    }

    @Override
    public void serializeWithType(
        Object set, JsonGenerator generator, SerializerProvider provider, TypeSerializer type)
        throws IOException {
      var sorted = sorted((Collection<?>) set, generator.getCodec());
      plain.serializeWithType(sorted, generator, provider, type);
    }

    @Override
    public boolean isEmpty(SerializerProvider provider, Object set) {
      return ((Collection<?>) set).isEmpty();
    }

    private static Collection<Object> sorted(Collection<?> set, ObjectCodec codec)
        throws IOException {
      var byText = new TreeMap<String, Object>();
      for (Object element : set) {
        byText.put(((ObjectMapper) codec).writeValueAsString(element), element);
      }
      return new LinkedHashSet<>(byText.values());
    }
  }
}
