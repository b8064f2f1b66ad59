import type { Component } from 'svelte';

export interface MenuItem {
  readonly label: string;
  readonly icon?: Component<{ size?: number; strokeWidth?: number }>;
  readonly run: () => void;
}
