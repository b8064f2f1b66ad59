export const shortcuts = {
  title: 'Atajos de teclado',
  where: {
    anywhere: 'En todas partes',
    list: 'En la lista',
    timeline: 'En los mensajes',
    composer: 'Al escribir',
  },
  names: {
    'next-conversation': 'Conversación siguiente',
    'previous-conversation': 'Conversación anterior',
    'next-unread': 'Siguiente sin leer',
    'previous-unread': 'Anterior sin leer',
    'go-to': 'Ir a una conversación o a una orden',
    search: 'Buscar',
    'nth-conversation': 'Conversación por número',
    'new-conversation': 'Nueva conversación',
    'next-region': 'Zona siguiente',
    'previous-region': 'Zona anterior',
    details: 'Mostrar u ocultar los detalles',
    help: 'Mostrar estos atajos',
    latest: 'Ir a lo último',
    'oldest-unread': 'El más antiguo sin leer',
    'mark-read': 'Marcar como leído',
    close: 'Cerrar, una capa por pulsación',
    'message-details': 'Detalles del mensaje',
    reply: 'Responder',
    react: 'Reaccionar',
    'mark-unread': 'Marcar como no leído',
    emoji: 'Emoji',
    attach: 'Adjuntar',
    bold: 'Negrita',
    italic: 'Cursiva',
    strike: 'Tachado',
    code: 'Código',
    'edit-last': 'Editar mi último mensaje, con el campo vacío',
    'leave-mode': 'Cancelar la respuesta o la edición',
    walk: 'Recorrer los mensajes',
    write: 'Ir a lo último y escribir',
    enter: 'Entregar el mensaje',
    'send-later': 'Enviar más tarde',
    newline: 'Nueva línea',
  },
  keys: {
    Mod: 'Ctrl',
    Alt: 'Alt',
    Shift: 'Mayús',
    PageUp: 'Re Pág',
    PageDown: 'Av Pág',
    Home: 'Inicio',
    End: 'Fin',
    Enter: 'Intro',
    Escape: 'Esc',
  },
  hint: (name: string, keys: string): string => `${name} (${keys})`,
};

/** El campo de búsqueda de la lista: por ahora, nombres. */
export const search = {
  messages: 'Buscar mensajes',
  placeholder: 'Buscar',
  results: 'Resultados de la búsqueda',
  nothing: 'Ninguna conversación se llama así.',
  namesOnly: 'Por ahora solo se buscan nombres, no lo que dicen los mensajes.',
};

export const goTo = {
  title: 'Ir a',
  field: 'Conversación u orden',
  options: 'Conversaciones y órdenes',
  nothing: 'Nada se llama así.',
};

export const panes = {
  listWidth: 'Ancho de la lista',
};
